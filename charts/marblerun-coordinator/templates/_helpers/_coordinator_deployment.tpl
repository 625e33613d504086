{{/*
The Coordinator's Deployment. Rendered into the release, and into the settings of the hooks as what is about to be applied.
*/}}
{{- define "marblerun.coordinator.deployment" -}}
{{- $identity := list . "coordinator" "coordinator" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "marblerun.metadata" (append $identity (dict "name" (include "marblerun.coordinator.name" .) "selected" true)) | nindent 2 }}
spec:
  replicas: {{ include "marblerun.setting" (list . "replicas") }}
  {{- if not (kindIs "invalid" .Values.coordinator.revisionHistoryLimit) }}
  revisionHistoryLimit: {{ int .Values.coordinator.revisionHistoryLimit }}
  {{- end }}
  {{- include "marblerun.coordinator.strategy" . | nindent 2 }}
  selector:
    matchLabels:
      {{- include "marblerun.selectorLabels" $identity | nindent 6 }}
  template:
    metadata:
      labels:
        {{- merge dict (.Values.coordinator.podLabels | default dict) (include "marblerun.podLabels" $identity | fromYaml) | toYaml | nindent 8 }}
        {{- include "marblerun.placement.groupLabel" . | nindent 8 }}
        {{- with include "marblerun.azure.podLabels" . }}
        {{- . | nindent 8 }}
        {{- end }}
      {{- with merge dict (.Values.coordinator.podAnnotations | default dict) (.Values.global.podAnnotations | default dict) }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      {{- include "marblerun.coordinator.podSpec" . | nindent 6 }}
{{- end }}

{{- define "marblerun.coordinator.podSpec" -}}
serviceAccountName: {{ include "marblerun.serviceAccount.name" (list . "coordinator") }}
{{- with .Values.coordinator.podSecurityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with include "marblerun.placement.tolerations" . }}
tolerations:
  {{- . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with include "marblerun.coordinator.affinity" . | trim }}
affinity:
  {{- . | nindent 2 }}
{{- end }}
{{- with include "marblerun.coordinator.spread" . }}
topologySpreadConstraints:
  {{- . | nindent 2 }}
{{- end }}
{{- with include "marblerun.coordinator.podExtras" . | trim }}
{{ . }}
{{- end }}
containers:
  - name: coordinator
    image: {{ include "marblerun.coordinator.image" . | quote }}
    imagePullPolicy: {{ include "marblerun.setting" (list . "pullPolicy") }}
    {{- with .Values.coordinator.securityContext }}
    securityContext:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    env:
      {{- include "marblerun.coordinator.env" . | trim | nindent 6 }}
      {{- with .Values.coordinator.extraEnv }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    {{- with .Values.coordinator.extraEnvFrom }}
    envFrom:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    ports:
      - name: http
        containerPort: {{ int .Values.coordinator.clientServerPort }}
      - name: grpc
        containerPort: {{ int .Values.coordinator.meshServerPort }}
      {{- if include "marblerun.distributed" . }}
      - name: key-api
        containerPort: {{ include "marblerun.distributed.keyPort" . }}
      {{- end }}
      {{- if include "marblerun.metrics.enabled" . }}
      - name: metrics
        containerPort: {{ int .Values.metrics.port }}
      {{- end }}
    startupProbe:
      {{- include "marblerun.coordinator.probe" (list . (.Values.coordinator.probes).startup) | nindent 6 }}
    readinessProbe:
      {{- include "marblerun.coordinator.probe" (list . (.Values.coordinator.probes).readiness) | nindent 6 }}
    livenessProbe:
      {{- include "marblerun.coordinator.probe" (list . (.Values.coordinator.probes).liveness) | nindent 6 }}
    {{- with include "marblerun.coordinator.resources" . }}
    resources:
      {{- . | nindent 6 }}
    {{- end }}
    {{- with include "marblerun.coordinator.volumeMounts" . | trim }}
    volumeMounts:
      {{- . | nindent 6 }}
    {{- end }}
  {{- with .Values.coordinator.extraContainers }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with include "marblerun.coordinator.volumes" . | trim }}
volumes:
  {{- . | nindent 2 }}
{{- end }}
{{- end }}
