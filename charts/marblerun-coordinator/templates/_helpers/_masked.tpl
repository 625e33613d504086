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
An object that a helper renders, with the annotations that sound like secrets as digests. Takes (list root helper).
*/}}
{{- define "marblerun.masked.object" -}}
{{- $object := include (index . 1) (index . 0) | fromYaml }}
{{- with $object.metadata }}
{{- $_ := set $object "metadata" (include "marblerun.masked" (list (index $ 0) . "annotations") | fromYaml) }}
{{- end }}
{{- toYaml $object }}
{{- end }}

{{/*
The values of the section `coordinator`. Takes the root.
*/}}
{{- define "marblerun.masked.coordinator" -}}
{{- $masked := include "marblerun.masked" (list . .Values.coordinator "azureCredentials" "podAnnotations" "podLabels") | fromYaml }}
{{- range $key, $kind := dict "extraEnv" "env" "extraContainers" "containers" "initContainers" "containers" }}
{{- with get $.Values.coordinator $key }}
{{- $_ := set $masked $key (include (printf "marblerun.masked.%s" $kind) (list $ .) | fromYamlArray) }}
{{- end }}
{{- end }}
{{- toYaml $masked }}
{{- end }}
