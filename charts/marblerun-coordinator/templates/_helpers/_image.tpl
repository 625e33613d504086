{{/*
"true" where a version is older than another one. A version that is not semantic counts as the newest.
Takes (list version other).
*/}}
{{- define "marblerun.version.before" -}}
{{- $numbers := regexFind "^v?(0|[1-9][0-9]*)([.](0|[1-9][0-9]*)){1,2}" (index . 0) }}
{{- if and $numbers (semverCompare (printf "<%s" (index . 1)) $numbers) }}true{{ end }}
{{- end }}

{{/*
Where in the registry an image of a version is. Before 1.0.0, images had another path.
Takes (list root repository version).
*/}}
{{- define "marblerun.image.repository" -}}
{{- $default := get (include "marblerun.defaults" (index . 0) | fromYaml) "repository" }}
{{- $old := and (eq (index . 1) $default) (include "marblerun.version.before" (list (index . 2) "1.0.0")) }}
{{- ternary (dir $default) (index . 1) (not (empty $old)) }}
{{- end }}

{{/*
An image's path in the registry that all images come from, where there is one: it takes the place of the path's own registry,
which is a first part with a dot or a port, or localhost (as in distribution's reference grammar).
Takes (list root path).
*/}}
{{- define "marblerun.image.path" -}}
{{- $first := splitList "/" (index . 1) | first }}
{{- $path := ternary (trimPrefix (print $first "/") (index . 1)) (index . 1) (or (contains "." $first) (contains ":" $first) (eq $first "localhost")) }}
{{- with (index . 0).Values.global.imageRegistry }}{{ . }}/{{ $path }}{{ else }}{{ index . 1 }}{{ end }}
{{- end }}

{{/*
Digest of an image, or nothing: the chart's default digest belongs to the chart's version only.
Takes (list root version hash default).
*/}}
{{- define "marblerun.image.hash" -}}
{{- $hash := index . 2 | default "" }}
{{- $own := eq (index . 1 | trimPrefix "v") (trimPrefix "v" (index . 0).Chart.AppVersion) }}
{{- if or (ne $hash (index . 3)) $own }}{{ $hash }}{{ end }}
{{- end }}

{{/*
Path of the Coordinator's image, without tag and digest, as the values name it.
*/}}
{{- define "marblerun.coordinator.imagePath" -}}
{{- $version := include "marblerun.setting" (list . "version") }}
{{- $repository := include "marblerun.image.repository" (list . (include "marblerun.setting" (list . "repository")) $version) }}
{{- .Values.coordinator.coordinatorImage | default (printf "%s/%s" $repository .Values.coordinator.image) }}
{{- end }}

{{- define "marblerun.coordinator.imageHash" -}}
{{- $default := get (include "marblerun.defaults" . | fromYaml) "hash" }}
{{- include "marblerun.image.hash" (list . (include "marblerun.setting" (list . "version")) .Values.coordinator.hash $default) }}
{{- end }}

{{- define "marblerun.coordinator.image" -}}
{{- include "marblerun.image.path" (list . (include "marblerun.coordinator.imagePath" .)) }}:{{ include "marblerun.setting" (list . "version") }}
{{- with include "marblerun.coordinator.imageHash" . }}@{{ . }}{{ end }}
{{- end }}

{{- define "marblerun.hooks.image" -}}
{{- $image := (.Values.hooks).image | default dict -}}
{{ include "marblerun.image.path" (list . (printf "%s/%s" $image.repository $image.image)) }}:{{ $image.version | default (.Chart.Version | replace "+" "_") }}
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
