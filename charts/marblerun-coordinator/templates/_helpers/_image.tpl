{{/*
"true" where a version is older than another one. A version that is not semantic counts as the newest.
Takes (list version other).
*/}}
{{- define "marblerun.version.before" -}}
{{- $numbers := regexFind "^v?(0|[1-9][0-9]*)([.](0|[1-9][0-9]*)){1,2}" (index . 0) }}
{{- if and $numbers (semverCompare (printf "<%s" (index . 1)) $numbers) }}true{{ end }}
{{- end }}

{{/*
Path of the Coordinator's image, without tag and digest. Before 1.0.0, images had another path in the registry.
*/}}
{{- define "marblerun.coordinator.imagePath" -}}
{{- $repository := include "marblerun.setting" (list . "repository") }}
{{- $version := include "marblerun.setting" (list . "version") }}
{{- $default := get (include "marblerun.defaults" . | fromYaml) "repository" }}
{{- if and (eq $repository $default) (include "marblerun.version.before" (list $version "1.0.0")) }}
{{- $repository = dir $default }}
{{- end }}
{{- .Values.coordinator.coordinatorImage | default (printf "%s/%s" $repository .Values.coordinator.image) }}
{{- end }}

{{/*
Digest of the Coordinator's image, or nothing: the chart's default digest belongs to the chart's version only.
*/}}
{{- define "marblerun.coordinator.imageHash" -}}
{{- $version := include "marblerun.setting" (list . "version") | trimPrefix "v" }}
{{- $hash := .Values.coordinator.hash | default "" }}
{{- $default := get (include "marblerun.defaults" . | fromYaml) "hash" }}
{{- if or (ne $hash $default) (eq $version (trimPrefix "v" .Chart.AppVersion)) }}{{ $hash }}{{ end }}
{{- end }}

{{- define "marblerun.coordinator.image" -}}
{{- include "marblerun.coordinator.imagePath" . }}:{{ include "marblerun.setting" (list . "version") }}
{{- with include "marblerun.coordinator.imageHash" . }}@{{ . }}{{ end }}
{{- end }}

{{- define "marblerun.hooks.image" -}}
{{- $image := (.Values.hooks).image | default dict -}}
{{ $image.repository }}/{{ $image.image }}:{{ $image.version | default (.Chart.Version | replace "+" "_") }}
{{- with $image.hash }}@{{ . }}{{ end }}
{{- end }}

{{/*
Secrets with registry credentials as a list of objects, or nothing.
*/}}
{{- define "marblerun.imagePullSecrets" -}}
{{- $names := list }}
{{- range concat (list .Values.global.pullSecret) (.Values.global.imagePullSecrets | default list) }}
{{- $names = append $names (ternary (get (ternary . dict (kindIs "map" .)) "name") . (kindIs "map" .)) }}
{{- end }}
{{- range compact $names | uniq }}
- name: {{ . }}
{{- end }}
{{- end }}
