{{/*
Keys of older charts: refused by name where they have no effect any more, and where they contradict their successors.
*/}}

{{- define "marblerun.requirements.removedKeys" -}}
{{- $removed := dict
  "coordinator.dcapQpl" "The Coordinator brings its own quote provider: remove it, and set the PCCS with dcap.pccsUrl."
  "dcap.qpl" "The Coordinator brings its own quote provider: remove it, and set the PCCS with dcap.pccsUrl."
  "marbleInjector.marbleInjectorReplicas" "It became marbleInjector.replicas."
  "global.coordinatorImageVersion" "It became coordinator.version." }}
{{- range $key, $advice := $removed }}
{{- if include "marblerun.value" (list $.Values $key) }}
{{- fail (printf "%s is a key of an older chart and has no effect any more. %s" $key $advice) }}
{{- end }}
{{- end }}
{{- end }}

{{/*
An old key and its successor may not say different things. The chart's default is not something that the user said.
*/}}
{{- define "marblerun.requirements.oldKeys" -}}
{{- $defaults := include "marblerun.defaults" . | fromYaml }}
{{- range $name, $old := include "marblerun.oldKeys" . | fromYaml }}
{{- $new := printf "coordinator.%s" $name }}
{{- $said := list }}
{{- $values := list }}
{{- range $key := append $old $new }}
{{- $value := include "marblerun.value" (list $.Values $key) }}
{{- if not (or (empty $value) (and (eq $key $new) (eq $value (get $defaults $name | toString)))) }}
{{- $said = append $said (printf "%s is %q" $key $value) }}
{{- $values = append $values $value | uniq }}
{{- end }}
{{- end }}
{{- if gt (len $values) 1 }}
{{- fail (printf "%s. They mean the same: keep %s only." (join ", " $said) $new) }}
{{- end }}
{{- end }}
{{- include "marblerun.requirements.imagePath" . }}
{{- end }}

{{/*
The old key coordinator.coordinatorImage holds what coordinator.repository and coordinator.image hold together.
*/}}
{{- define "marblerun.requirements.imagePath" -}}
{{- $defaults := include "marblerun.defaults" . | fromYaml }}
{{- $old := .Values.coordinator.coordinatorImage }}
{{- $repository := include "marblerun.setting" (list . "repository") }}
{{- $image := .Values.coordinator.image }}
{{- $new := printf "%s/%s" $repository $image }}
{{- $said := or (ne $repository $defaults.repository) (ne $image $defaults.image) }}
{{- if and $old $said (ne $old $new) }}
{{- fail (printf "coordinator.coordinatorImage is %q, but coordinator.repository and coordinator.image make %q. They mean the same: keep coordinator.repository and coordinator.image only." $old $new) }}
{{- end }}
{{- end }}
