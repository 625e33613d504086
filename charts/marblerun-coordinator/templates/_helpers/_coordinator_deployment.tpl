{{/*
The Coordinator's Deployment. Rendered into the release, and into the settings of the hooks as what is about to be applied.
*/}}
{{- define "marblerun.coordinator.deployment" -}}
{{- $identity := list . "coordinator" "coordinator" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "marblerun.coordinator.name" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "marblerun.labels" $identity | nindent 4 }}
    {{- include "marblerun.selectorLabels" $identity | nindent 4 }}
spec:
  replicas: {{ include "marblerun.setting" (list . "replicas") }}
  strategy:
    type: Recreate
  selector:
    matchLabels:
      {{- include "marblerun.selectorLabels" $identity | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "marblerun.podLabels" $identity | nindent 8 }}
        {{- include "marblerun.placement.groupLabel" . | nindent 8 }}
      {{- with .Values.global.podAnnotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      {{- include "marblerun.coordinator.podSpec" . | nindent 6 }}
{{- end }}

{{- define "marblerun.coordinator.podSpec" -}}
serviceAccountName: {{ include "marblerun.coordinator.name" . }}
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
{{- with include "marblerun.placement.affinity" (list . (include "marblerun.placement.groupLabel" .)) | trim }}
affinity:
  {{- . | nindent 2 }}
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
    ports:
      - name: http
        containerPort: {{ int .Values.coordinator.clientServerPort }}
      - name: grpc
        containerPort: {{ int .Values.coordinator.meshServerPort }}
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
    volumeMounts:
      - name: coordinator-pv-storage
        mountPath: /coordinator/data
      {{- if include "marblerun.dcap.enabled" . }}
      - name: dcap-conf
        mountPath: /etc/sgx_default_qcnl.conf
        subPath: sgx_default_qcnl.conf
      {{- end }}
volumes:
  - name: coordinator-pv-storage
    persistentVolumeClaim:
      claimName: {{ include "marblerun.coordinator.claim" . | quote }}
  {{- if include "marblerun.dcap.enabled" . }}
  - name: dcap-conf
    configMap:
      name: coordinator-dcap-config
  {{- end }}
{{- end }}
