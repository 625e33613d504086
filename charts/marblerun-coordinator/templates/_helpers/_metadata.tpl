{{/*
Metadata of the objects of the release: what the user wants on every one of them (`commonLabels`, `commonAnnotations`) below what the
chart or a value of its own says of one. Pods get none of it, since another label would replace the Coordinator, and neither do the
objects that the hooks make.
*/}}

{{/*
Takes (list root component app more), the more being what differs: `name` where it is not the app, `namespace` where it is not the
release's, `clusterWide` where there is none, `selected` for the labels by which pods are selected, and `labels` and `annotations`.
*/}}
{{- define "marblerun.metadata" -}}
{{- $root := index . 0 }}
{{- $more := slice . 3 | first | default dict }}
{{- $own := include "marblerun.labels" (list $root (index . 1) (index . 2)) | fromYaml }}
{{- $selected := ternary (include "marblerun.selectorLabels" (list $root (index . 1)) | fromYaml) dict (eq $more.selected true) -}}
name: {{ $more.name | default (index . 2) }}
{{- if not $more.clusterWide }}
namespace: {{ $more.namespace | default $root.Release.Namespace }}
{{- end }}
labels:
  {{- include "marblerun.overlaid" (list $root.Values.commonLabels $own $selected $more.labels) | nindent 2 }}
{{- with include "marblerun.overlaid" (list $root.Values.commonAnnotations $more.annotations) }}
annotations:
  {{- . | nindent 2 }}
{{- end }}
{{- end }}

{{/*
Maps in one, of which the last to have a key wins; an empty text wins, too. Takes a list of them, null being an empty one.
*/}}
{{- define "marblerun.overlaid" -}}
{{- $all := dict }}
{{- range . }}
{{- range $key, $value := . }}{{ $_ := set $all $key $value }}{{ end }}
{{- end }}
{{- with $all }}{{ toYaml . }}{{ end }}
{{- end }}
