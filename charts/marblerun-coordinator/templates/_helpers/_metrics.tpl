{{/*
Metrics of the Coordinator. What a value of them is for stands in docs/observability.md.
*/}}

{{/*
"true" where the Coordinator serves them.
*/}}
{{- define "marblerun.metrics.enabled" -}}
{{- if eq (include "marblerun.value" (list .Values "metrics.enabled")) "true" }}true{{ end }}
{{- end }}

{{/*
"true" where an object of the Prometheus operator is rendered. Takes (list root key).
*/}}
{{- define "marblerun.metrics.wants" -}}
{{- $key := printf "metrics.%s.enabled" (index . 1) }}
{{- if and (include "marblerun.metrics.enabled" (index . 0)) (eq (include "marblerun.value" (list (index . 0).Values $key)) "true") }}true{{ end }}
{{- end }}

{{/*
It listens where the client API does, be that IPv4 or IPv6.
*/}}
{{- define "marblerun.metrics.env" -}}
{{- if include "marblerun.metrics.enabled" . }}
- name: EDG_COORDINATOR_PROMETHEUS_ADDR
  value: {{ printf "%s:%d" .Values.coordinator.clientServerHost (int .Values.metrics.port) | quote }}
{{- end }}
{{- end }}

{{/*
Metadata of an object of the Prometheus operator. Takes (list root component section).
*/}}
{{- define "marblerun.metrics.metadata" -}}
{{- $more := dict "name" (include "marblerun.coordinator.name" (index . 0)) "labels" (index . 2).labels }}
{{- include "marblerun.metadata" (list (index . 0) (index . 1) "coordinator-metrics" $more) }}
{{- end }}
