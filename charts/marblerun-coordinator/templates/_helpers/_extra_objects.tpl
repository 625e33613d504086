{{/*
Objects of the user's. They may be Secrets, so that no message shows what is in them.
*/}}

{{/*
An entry as Helm takes it: a text may hold templates, and several objects. Takes (list root entry).
*/}}
{{- define "marblerun.extraObjects.rendered" -}}
{{- if kindIs "string" (index . 1) }}{{ tpl (index . 1) (index . 0) }}{{ else }}{{ toYaml (index . 1) }}{{ end }}
{{- end }}

{{- define "marblerun.requirements.extraObjects" -}}
{{- $entries := .Values.extraObjects | default list }}
{{- if not (kindIs "slice" $entries) }}
{{- fail (printf "extraObjects is a %s, but must be a list of objects." (kindOf $entries)) }}
{{- end }}
{{- range $index, $entry := $entries }}
{{- if not (or (kindIs "map" $entry) (kindIs "string" $entry)) }}
{{- fail (printf "extraObjects[%d] is a %s, but must be an object, or a template of objects as text." $index (kindOf $entry)) }}
{{- end }}
{{- range regexSplit "(?m)^---.*$" (include "marblerun.extraObjects.rendered" (list $ $entry)) -1 }}
{{- if trim . }}
{{- $object := fromYaml . }}
{{- range $key := list "apiVersion" "kind" "metadata.name" }}
{{- if not (include "marblerun.value" (list $object $key)) }}
{{- fail (printf "extraObjects[%d] is no object of Kubernetes: it has no %s. Each needs apiVersion, kind and metadata.name, and a text must be YAML once its templates are filled in." $index $key) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/*
Each entry as a digest, which tells whether it was changed or lost. Takes the root.
*/}}
{{- define "marblerun.masked.extraObjects" -}}
{{- $masked := list }}
{{- range .Values.extraObjects }}
{{- $masked = append $masked (include "marblerun.digest" (list $ (toJson .))) }}
{{- end }}
{{- toYaml $masked }}
{{- end }}
