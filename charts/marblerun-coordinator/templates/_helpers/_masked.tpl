{{/*
Values of the user without the secrets that they may hold. A digest tells whether two are equal.
*/}}

{{/*
Takes (list root value).
*/}}
{{- define "marblerun.digest" -}}
{{- $root := index . 0 -}}
sha256:{{ printf "%s/%s/%s" $root.Release.Namespace $root.Release.Name (index . 1 | toString) | sha256sum | trunc 8 }}
{{- end }}

{{/*
A map in which the maps at these dotted paths show no secret: text under a key that sounds like one is a digest. Keys of the chart that
only name a Secret stay. Takes (list root map path...).
*/}}
{{- define "marblerun.masked" -}}
{{- $root := index . 0 }}
{{- $all := deepCopy (index . 1 | default dict) }}
{{- range slice . 2 }}
{{- $map := $all }}
{{- range splitList "." . }}
{{- $map = ternary (get (ternary $map dict (kindIs "map" $map)) .) "" (kindIs "map" $map) }}
{{- end }}
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

{{/*
Environment variables in which each value is a digest. Takes (list root variables).
*/}}
{{- define "marblerun.masked.env" -}}
{{- $root := index . 0 }}
{{- $masked := list }}
{{- range index . 1 }}
{{- $variable := deepCopy . }}
{{- if hasKey . "value" }}{{ $_ := set $variable "value" (include "marblerun.digest" (list $root .value)) }}{{ end }}
{{- $masked = append $masked $variable }}
{{- end }}
{{- toYaml $masked }}
{{- end }}

{{/*
Containers without their environment, command, probes and the like. Takes (list root containers).
*/}}
{{- define "marblerun.masked.containers" -}}
{{- $masked := list }}
{{- range index . 1 }}
{{- $masked = append $masked (pick . "name" "image" "imagePullPolicy" "ports" "resources" "restartPolicy" "securityContext" "volumeMounts") }}
{{- end }}
{{- toYaml $masked }}
{{- end }}

{{/*
Volumes in which what a driver is told is digests; else there are names, paths and references in them. Takes (list root volumes).
*/}}
{{- define "marblerun.masked.volumes" -}}
{{- $root := index . 0 }}
{{- $masked := list }}
{{- range index . 1 }}
{{- $volume := deepCopy . }}
{{- range $map := list ($volume.csi).volumeAttributes ($volume.flexVolume).options ((($volume.ephemeral).volumeClaimTemplate).metadata).annotations $volume.gitRepo }}
{{- range $key, $value := $map }}
{{- $_ := set $map $key (include "marblerun.digest" (list $root $value)) }}
{{- end }}
{{- end }}
{{- $masked = append $masked $volume }}
{{- end }}
{{- toYaml $masked }}
{{- end }}

{{/*
An object that a helper renders, with the annotations that sound like secrets as digests, those of its pods as well. Labels stay: the
scheduler goes by them, and the API server takes no digest for one. Takes (list root helper).
*/}}
{{- define "marblerun.masked.object" -}}
{{- $object := include (index . 1) (index . 0) | fromYaml }}
{{- include "marblerun.masked" (list (index . 0) $object "metadata.annotations" "spec.template.metadata.annotations") }}
{{- end }}
