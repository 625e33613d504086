{{/*
The roll of the Marbles in a Job of its own (`rollout.detach`). The rollout hook makes the Job; what the Job needs are
ordinary objects of the release, since the hook's own are gone when the hook is done.
*/}}

{{/*
"true" where the rollout hook hands the Marbles to a Job.
*/}}
{{- define "marblerun.roll.enabled" -}}
{{- if and (include "marblerun.hook.enabled" (list . "rollout")) (.Values.rollout).detach }}true{{ end }}
{{- end }}

{{- define "marblerun.roll.deadlineSeconds" -}}
{{- (.Values.rollout).detachedDeadlineSeconds | default 3600 | int }}
{{- end }}

{{/*
Metadata of an object of the roll. Takes (list root suffix namespace): the suffix for names that others may have, too, and
the namespace unless it is the release's. With a suffix alone it is in none.
*/}}
{{- define "marblerun.roll.metadata" -}}
{{- $name := include "marblerun.hooks.name" "roll" }}
{{- $namespace := slice . 2 | first }}
{{- $clusterWide := and (not (empty (index . 1))) (empty $namespace) }}
{{- include "marblerun.metadata" (list (index . 0) "roll" $name (dict "name" (printf "%s%s" $name (index . 1)) "namespace" $namespace "clusterWide" $clusterWide "selected" true)) }}
{{- end }}

{{/*
The Job, as the rollout hook makes it. The program ends by itself before Kubernetes does.
*/}}
{{- define "marblerun.roll.job" -}}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ include "marblerun.hooks.name" "roll" }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "marblerun.labels" (list . "roll" (include "marblerun.hooks.name" "roll")) | nindent 4 }}
    {{- include "marblerun.selectorLabels" (list . "roll") | nindent 4 }}
spec:
  {{- $seconds := add (include "marblerun.roll.deadlineSeconds" . | int) 120 }}
  {{- include "marblerun.hook.jobSpec" (list . "roll" $seconds (list "rollout" "--detached")) | nindent 2 }}
{{- end }}
