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
