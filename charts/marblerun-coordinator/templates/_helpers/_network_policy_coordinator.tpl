{{/*
Ports of whom the Coordinator asks outside of the cluster, or wherever they are: those who verify quotes, and Azure.
*/}}
{{- define "marblerun.networkPolicy.outsidePorts" -}}
{{- $ports := list }}
{{- if include "marblerun.dcap.enabled" . }}
{{- $url := .Values.dcap.pccsUrl }}
{{- with .Values.dcap.qcnlConfig }}
{{- $url = regexFind "https?://[^\"/ ]+" . }}
{{- end }}
{{- $port := regexFind ":[0-9]+$" (urlParse ($url | default "https://pccs")).host | trimPrefix ":" }}
{{- $ports = append $ports ($port | default (ternary 80 443 (hasPrefix "http:" $url)) | int) }}
{{- end }}
{{- if or (.Values.coordinator.azureHSM).keyName (include "marblerun.azure.env" . | trim) }}{{ $ports = append $ports 443 }}{{ end }}
{{- uniq $ports | toJson }}
{{- end }}

{{/*
Marbles, clients and Prometheus are pods of any namespace. Whoever is outside of the cluster is for the user to let in.
*/}}
{{- define "marblerun.networkPolicy.coordinator" -}}
{{- $ports := list .Values.coordinator.clientServerPort .Values.coordinator.meshServerPort }}
{{- if include "marblerun.metrics.enabled" . }}{{ $ports = append $ports .Values.metrics.port }}{{ end -}}
podSelector:
  matchLabels:
    {{- include "marblerun.selectorLabels" (list . "coordinator") | nindent 4 }}
policyTypes: [Ingress, Egress]
ingress:
  - ports:
      {{- include "marblerun.networkPolicy.ports" $ports | nindent 6 }}
    from:
      - namespaceSelector: {}
  {{- if include "marblerun.distributed" . }}
  # The key is for other Coordinators alone.
  - ports:
      {{- include "marblerun.networkPolicy.ports" (list (include "marblerun.distributed.keyPort" .)) | nindent 6 }}
    from:
      - podSelector:
          matchLabels:
            {{- include "marblerun.selectorLabels" (list . "coordinator") | nindent 12 }}
  {{- end }}
  {{- with .Values.networkPolicy.extraIngress }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
egress:
  {{- include "marblerun.networkPolicy.toDns" . | nindent 2 }}
  {{- with include "marblerun.networkPolicy.outsidePorts" . | fromJsonArray }}
  - ports:
      {{- include "marblerun.networkPolicy.ports" . | nindent 6 }}
  {{- end }}
  {{- if include "marblerun.distributed" . }}
  {{- include "marblerun.networkPolicy.toApiServer" . | nindent 2 }}
  {{- include "marblerun.networkPolicy.toCoordinator" (list . (list (include "marblerun.distributed.keyPort" .))) | nindent 2 }}
  {{- end }}
  {{- with .Values.networkPolicy.extraEgress }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
