{{/*
The hooks, `preflight`, `rollout` and `test`: what their objects have in common. These helpers take (list root hook).
*/}}

{{/*
"true" where the objects of a hook are rendered: nothing but `false` takes a guard away.
*/}}
{{- define "marblerun.hook.enabled" -}}
{{- $hooks := (index . 0).Values.hooks | default dict }}
{{- $own := get $hooks (index . 1) | default dict }}
{{- if not (has "false" (list (toString $hooks.enabled) (toString $own.enabled))) }}true{{ end }}
{{- end }}

{{/*
Seconds that a hook gives itself, and that Kubernetes gives it. Takes the root.
*/}}
{{- define "marblerun.hooks.deadlineSeconds" -}}
{{- .Values.hooks.deadlineSeconds | default 200 | int }}
{{- end }}

{{- define "marblerun.hooks.activeDeadlineSeconds" -}}
{{- .Values.hooks.activeDeadlineSeconds | default 280 | int }}
{{- end }}

{{- define "marblerun.hook.events" -}}
{{- get (dict "preflight" "pre-install,pre-upgrade,pre-rollback" "backup" "pre-install,pre-upgrade,pre-rollback" "rollout" "post-install,post-upgrade,post-rollback" "test" "test") (index . 1) }}
{{- end }}

{{/*
The pod of a test stays, so that `helm test --logs` finds it. Takes what the metadata take.
*/}}
{{- define "marblerun.hook.deletePolicy" -}}
before-hook-creation{{ if not (and (eq (index . 1) "test") (eq (index . 2 | int) 0)) }},hook-succeeded{{ end }}
{{- end }}

{{/*
Metadata of one object of a hook. Helm creates hooks by weight, so the Job comes last.
Takes (list root hook weight more), the more being what the metadata of any object take, of this one alone.
*/}}
{{- define "marblerun.hook.metadata" -}}
{{- $root := index . 0 }}
{{- $more := slice . 3 | first | default dict }}
{{- $when := dict "helm.sh/hook" (include "marblerun.hook.events" .) "helm.sh/hook-weight" (index . 2 | toString) "helm.sh/hook-delete-policy" (include "marblerun.hook.deletePolicy" .) }}
{{- $annotations := include "marblerun.overlaid" (list $root.Values.hooks.annotations $more.annotations $when) | fromYaml }}
{{- include "marblerun.metadata" (list $root (index . 1) (include "marblerun.hooks.name" (index . 1)) (merge (dict "selected" true "annotations" $annotations) $more)) }}
{{- end }}

{{- define "marblerun.hook.clusterSuffix" -}}
{{- printf "-%s" .Release.Namespace }}
{{- end }}

{{/*
The more of an object whose name others may have, too: it is in no namespace, or in one of the Marbles'. Takes (list root hook namespace).
*/}}
{{- define "marblerun.hook.suffixed" -}}
{{- $namespace := slice . 2 | first }}
{{- dict "name" (printf "%s%s" (include "marblerun.hooks.name" (index . 1)) (include "marblerun.hook.clusterSuffix" (index . 0))) "namespace" $namespace "clusterWide" (empty $namespace) | toYaml }}
{{- end }}

{{- define "marblerun.hook.configMap" -}}
{{- $root := index . 0 -}}
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "marblerun.hook.metadata" (list $root (index . 1) -14) | nindent 2 }}
data:
  {{- include "marblerun.hook.files" $root | nindent 2 }}
{{- end }}

{{/*
The files that the program finds in its folder. Takes the root.
*/}}
{{- define "marblerun.hook.files" -}}
deployment.json: |
  {{- include "marblerun.coordinator.deploymentCopy" . | fromYaml | toPrettyJson | nindent 2 }}
pin.json: |
  {{- include "marblerun.pin.pod" . | fromYaml | toPrettyJson | nindent 2 }}
{{- if include "marblerun.backup.enabled" . }}
backup.json: |
  {{- include "marblerun.backup.pod" . | fromYaml | toPrettyJson | nindent 2 }}
{{- end }}
{{- if include "marblerun.roll.enabled" . }}
roll.json: |
  {{- include "marblerun.roll.job" . | fromYaml | toPrettyJson | nindent 2 }}
{{- end }}
settings.json: |
  {{- include "marblerun.hooks.settings" . | fromYaml | toPrettyJson | nindent 2 }}
{{- end }}
