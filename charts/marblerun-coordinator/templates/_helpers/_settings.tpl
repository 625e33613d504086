{{/*
Settings of the Coordinator that had other keys in older charts: new name under `coordinator` -> old keys.
*/}}
{{- define "marblerun.oldKeys" -}}
repository: [global.image.repository]
version: [coordinator.coordinatorImageVersion, global.image.version]
pullPolicy: [global.image.pullPolicy]
replicas: [coordinator.coordinatorReplicas]
{{- end }}

{{/*
The old keys that are set, each with what took its place, as a list.
*/}}
{{- define "marblerun.oldKeys.used" -}}
{{- $used := list }}
{{- range $name, $old := include "marblerun.oldKeys" . | fromYaml }}
{{- range $old }}
{{- if include "marblerun.value" (list $.Values .) }}
{{- $used = append $used (dict "key" . "successor" (printf "coordinator.%s" $name)) }}
{{- end }}
{{- end }}
{{- end }}
{{- if .Values.coordinator.coordinatorImage }}
{{- $used = append $used (dict "key" "coordinator.coordinatorImage" "successor" "coordinator.repository and coordinator.image") }}
{{- end }}
{{- toYaml $used }}
{{- end }}

{{/*
The value at a dotted path, as text; nothing where it is absent or null.
Takes (list values path).
*/}}
{{- define "marblerun.value" -}}
{{- $node := index . 0 }}
{{- range splitList "." (index . 1) }}
{{- $node = ternary (get (ternary $node dict (kindIs "map" $node)) .) "" (kindIs "map" $node) }}
{{- end }}
{{- if not (kindIs "invalid" $node) }}{{ $node }}{{ end }}
{{- end }}

{{/*
The setting in force: an old key where one is set, else the new key. That they agree is a requirement.
Takes (list root name).
*/}}
{{- define "marblerun.setting" -}}
{{- $root := index . 0 }}
{{- $name := index . 1 }}
{{- $found := "" }}
{{- range append (get (include "marblerun.oldKeys" $root | fromYaml) $name) (printf "coordinator.%s" $name) }}
{{- $found = $found | default (include "marblerun.value" (list $root.Values .)) }}
{{- end }}
{{- $found }}
{{- end }}

{{/*
"true" in simulation mode, nothing otherwise. Older charts took 1 and "1" as well.
*/}}
{{- define "marblerun.simulation" -}}
{{- if has (.Values.coordinator.simulation | toString | lower) (list "true" "1") }}true{{ end }}
{{- end }}

{{/*
"true" where DCAP settings are rendered: not when they were nulled, and not in simulation mode unless the user set them.
*/}}
{{- define "marblerun.dcap.enabled" -}}
{{- $defaults := get (include "marblerun.defaults" . | fromYaml) "dcap" }}
{{- if and .Values.dcap (not (and (include "marblerun.simulation" .) (deepEqual .Values.dcap $defaults))) }}true{{ end }}
{{- end }}

{{/*
The release's values for the hooks, which keep them in a ConfigMap: secrets are digests, and of the global values only those
that are this chart's, since a parent chart may have any others.
*/}}
{{- define "marblerun.publicValues" -}}
{{- $global := dict }}
{{- range list "coordinatorComponentLabel" "coordinatorNamespaceLabel" "createdBy" "podAnnotations" "podLabels" "imageRegistry" "pullSecret" "imagePullSecrets" "image" }}
{{- if hasKey $.Values.global . }}{{ $_ := set $global . (get $.Values.global .) }}{{ end }}
{{- end }}
{{- $global = include "marblerun.masked" (list . $global "podAnnotations" "podLabels") | fromYaml }}
{{- $hooks := include "marblerun.masked" (list . .Values.hooks "annotations" "podAnnotations" "podLabels") | fromYaml }}
{{- $coordinator := include "marblerun.masked.coordinator" . | fromYaml }}
{{- $extra := include "marblerun.masked" (list . (pick .Values "commonLabels" "commonAnnotations") "commonLabels" "commonAnnotations") | fromYaml }}
{{- if .Values.extraObjects }}{{ $_ := set $extra "extraObjects" (include "marblerun.masked.extraObjects" . | fromYamlArray) }}{{ end }}
{{- merge (dict "global" $global "hooks" $hooks "coordinator" $coordinator) $extra (omit .Values "global" "hooks" "coordinator") | toYaml }}
{{- end }}

{{/*
A map of values in which the maps of these keys show no secret: text under a key that sounds like one is replaced by a digest
that tells whether two are equal. Keys of the chart that only name a Secret stay.
Takes (list root map key...).
*/}}
{{- define "marblerun.masked" -}}
{{- $root := index . 0 }}
{{- $all := deepCopy (index . 1 | default dict) }}
{{- range $name := slice . 2 }}
{{- $map := get $all $name }}
{{- if kindIs "map" $map }}
{{- range $key, $value := $map }}
{{- if and (kindIs "string" $value) $value (ne $key "secretName") (regexMatch "(?i)secret|password|passwd|token|credential|private|api-?key" $key) }}
{{- $_ := set $map $key (include "marblerun.digest" (list $root $value)) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- toYaml $all }}
{{- end }}
