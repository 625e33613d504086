{{/*
What the pods that hold the Coordinator's node have in common: the anchor, and the pin that stands in for it.
They go wherever the Coordinator may go, and ask for next to nothing.
*/}}
{{- define "marblerun.watcher.podSpec" -}}
automountServiceAccountToken: false
{{- with include "marblerun.imagePullSecrets" . }}
imagePullSecrets:
  {{- . | trim | nindent 2 }}
{{- end }}
securityContext:
  {{- include "marblerun.ownPods.podSecurity" . | nindent 2 }}
{{- with include "marblerun.placement.tolerations" . }}
tolerations:
  {{- . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
containers:
  - name: marblerun-hooks
    image: {{ include "marblerun.hooks.image" . | quote }}
    imagePullPolicy: {{ ((.Values.hooks).image).pullPolicy | default "IfNotPresent" }}
    args: ["watch", "--coordinator", {{ include "marblerun.coordinator.address" . | quote }}]
    securityContext:
      {{- include "marblerun.ownPods.containerSecurity" . | nindent 6 }}
    {{- with (.Values.anchor).resources }}
    resources:
      {{- toYaml . | nindent 6 }}
    {{- end }}
{{- end }}

{{/*
The pin: holds the node of a Coordinator that has no anchor yet, for the length of one upgrade. Made by the preflight
hook, which adds the node.
*/}}
{{- define "marblerun.pin.pod" -}}
{{- $identity := list . "coordinator-pin" (include "marblerun.pin.name" .) -}}
apiVersion: v1
kind: Pod
metadata:
  name: {{ include "marblerun.pin.name" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "marblerun.ownPods.labels" (append $identity dict) | nindent 4 }}
    {{- include "marblerun.placement.groupLabel" . | nindent 4 }}
  annotations:
    {{- include "marblerun.ownPods.annotations" (list . dict) | nindent 4 }}
spec:
  restartPolicy: Never
  activeDeadlineSeconds: 3600
  terminationGracePeriodSeconds: 5
  {{- include "marblerun.watcher.podSpec" . | nindent 2 }}
{{- end }}
