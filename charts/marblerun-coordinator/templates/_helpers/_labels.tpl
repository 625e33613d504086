{{/*
Labels that select the pods of one component. They never change: selectors are immutable.
Takes (list root component).
*/}}
{{- define "marblerun.selectorLabels" -}}
{{- $root := index . 0 -}}
{{ $root.Values.global.coordinatorComponentLabel }}: {{ index . 1 }}
{{ $root.Values.global.coordinatorNamespaceLabel }}: {{ $root.Release.Namespace | quote }}
{{- end }}

{{/*
Descriptive labels of an object.
Takes (list root component name).
*/}}
{{- define "marblerun.labels" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/component: {{ index . 1 }}
app.kubernetes.io/created-by: {{ $root.Values.global.createdBy | quote }}
app.kubernetes.io/name: {{ index . 2 }}
app.kubernetes.io/part-of: marblerun
app.kubernetes.io/version: {{ include "marblerun.versionLabel" (list $root (index . 1)) | quote }}
{{- end }}

{{/*
The version of what runs in a component, cut to what a label may hold. The chart's own parts have the chart's version, so
that another Coordinator is no reason to replace the anchor.
Takes (list root component).
*/}}
{{- define "marblerun.versionLabel" -}}
{{- $root := index . 0 }}
{{- $own := has (index . 1) (list "coordinator-anchor" "coordinator-pin" "coordinator-backup" "coordinator-restore" "preflight" "rollout" "test" "roll" "backup") }}
{{- $coordinator := include "marblerun.setting" (list $root "version") }}
{{- $other := ternary (include "marblerun.injector.setting" (list $root "version")) $coordinator (hasPrefix "admission-controller" (index . 1)) }}
{{- ternary ($root.Chart.Version | replace "+" "_") $other $own | trunc 63 | trimAll "-_." }}
{{- end }}

{{/*
Labels of a pod: descriptive labels, selector labels, and the user's.
Takes (list root component name).
*/}}
{{- define "marblerun.podLabels" -}}
{{- include "marblerun.labels" . }}
{{ include "marblerun.selectorLabels" . }}
{{- with (index . 0).Values.global.podLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}
