{{/*
Copies of the sealed state: the pod that preflight makes them with, and the way back.
*/}}

{{/*
"true" where preflight copies the sealed state before a change. It can copy what is on a volume.
*/}}
{{- define "marblerun.backup.enabled" -}}
{{- if and (include "marblerun.hook.enabled" (list . "preflight")) (ne (toString (.Values.backup).enabled) "false") (not (include "marblerun.distributed" .)) }}true{{ end }}
{{- end }}

{{- define "marblerun.backup.copies" -}}
{{- (.Values.backup).copies | default 3 | int }}
{{- end }}

{{/*
Names of the Secrets that hold the copies, as a list.
*/}}
{{- define "marblerun.backup.ring" -}}
{{- range $number := untilStep 1 (add1 (include "marblerun.backup.copies" . | int) | int) 1 }}
- {{ include "marblerun.backup.name" $ }}-{{ $number }}
{{- end }}
{{- end }}

{{/*
The pod that copies the sealed state. The preflight hook adds the node, the volume, the Coordinator's user and what it
knows of the state. It asks for as much as a hook: with less of the CPU than that, the upgrade would wait for it.
*/}}
{{- define "marblerun.backup.pod" -}}
{{- $identity := list . "coordinator-backup" (include "marblerun.backup.name" .) -}}
apiVersion: v1
kind: Pod
metadata:
  name: {{ include "marblerun.backup.name" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "marblerun.ownPods.labels" (append $identity (.Values.hooks.podLabels | default dict)) | nindent 4 }}
  annotations:
    {{- include "marblerun.ownPods.annotations" (list . (.Values.hooks.podAnnotations | default dict)) | nindent 4 }}
spec:
  restartPolicy: Never
  activeDeadlineSeconds: 120
  terminationGracePeriodSeconds: 5
  serviceAccountName: {{ include "marblerun.serviceAccount.name" (list . "backup") }}
  automountServiceAccountToken: true
  {{- with include "marblerun.imagePullSecrets" . }}
  imagePullSecrets:
    {{- . | trim | nindent 4 }}
  {{- end }}
  {{- with include "marblerun.placement.tolerations" . }}
  tolerations:
    {{- . | nindent 4 }}
  {{- end }}
  containers:
    - name: marblerun-hooks
      image: {{ include "marblerun.hooks.image" . | quote }}
      imagePullPolicy: {{ ((.Values.hooks).image).pullPolicy | default "IfNotPresent" }}
      args: ["copy-sealed-state", "--copies", {{ include "marblerun.backup.copies" . | quote }}]
      env:
        - name: POD_NAMESPACE
          valueFrom:
            fieldRef:
              fieldPath: metadata.namespace
      securityContext:
        {{- include "marblerun.ownPods.containerSecurity" . | nindent 8 }}
      {{- with .Values.hooks.resources }}
      resources:
        {{- toYaml . | nindent 8 }}
      {{- end }}
{{- end }}

{{/*
Security context of the pod that restores the sealed state: whoever the Coordinator is has to read it afterwards.
*/}}
{{- define "marblerun.restore.podSecurity" -}}
{{- $pod := .Values.coordinator.podSecurityContext | default dict }}
{{- $container := .Values.coordinator.securityContext | default dict }}
{{- $own := pick $container "runAsUser" "runAsGroup" "runAsNonRoot" "seLinuxOptions" }}
{{- $default := dict "runAsUser" 0 "seccompProfile" (dict "type" "RuntimeDefault") }}
{{- merge dict $own $pod $default | toYaml }}
{{- end }}
