{{/*
The Job of a hook. No TTL: Helm 4 waits in vain for a Job that is gone. Exit codes that say what is wrong end the Job at once.
Takes (list root hook).
*/}}
{{- define "marblerun.hook.job" -}}
{{- $root := index . 0 }}
{{- $seconds := include "marblerun.hooks.activeDeadlineSeconds" $root -}}
apiVersion: batch/v1
kind: Job
metadata:
  {{- $annotations := dict "helm.sh/hook-output-log-policy" "hook-succeeded,hook-failed" }}
  {{- include "marblerun.hook.metadata" (list $root (index . 1) 0 (dict "annotations" $annotations)) | nindent 2 }}
spec:
  {{- include "marblerun.hook.jobSpec" (list $root (index . 1) $seconds (list (index . 1))) | nindent 2 }}
{{- end }}

{{/*
What a Job of the hooks' program runs, and how it ends. Takes (list root component activeDeadlineSeconds args).
*/}}
{{- define "marblerun.hook.jobSpec" -}}
{{- $root := index . 0 }}
{{- $hooks := $root.Values.hooks }}
{{- $name := include "marblerun.hooks.name" (index . 1) -}}
backoffLimit: 2
activeDeadlineSeconds: {{ int (index . 2) }}
podFailurePolicy:
  rules:
    - action: Ignore
      onPodConditions:
        - type: DisruptionTarget
          status: "True"
    - action: FailJob
      onExitCodes:
        containerName: marblerun-hooks
        operator: In
        values: [1, 2, 3]
template:
  metadata:
    labels:
      {{- include "marblerun.ownPods.labels" (list $root (index . 1) $name ($hooks.podLabels | default dict)) | nindent 6 }}
    annotations:
      {{- include "marblerun.ownPods.annotations" (list $root ($hooks.podAnnotations | default dict)) | nindent 6 }}
  spec:
    {{- include "marblerun.hook.podSpec" (list $root (index . 1) (index . 3)) | nindent 4 }}
{{- end }}

{{/*
Takes (list root component args).
*/}}
{{- define "marblerun.hook.podSpec" -}}
{{- $root := index . 0 }}
{{- $hooks := $root.Values.hooks }}
{{- $name := include "marblerun.hooks.name" (index . 1) -}}
restartPolicy: Never
serviceAccountName: {{ include "marblerun.serviceAccount.name" (list $root (index . 1)) }}
automountServiceAccountToken: true
{{- with include "marblerun.imagePullSecrets" $root }}
imagePullSecrets:
  {{- . | trim | nindent 2 }}
{{- end }}
securityContext:
  {{- include "marblerun.ownPods.podSecurity" . | nindent 2 }}
{{- with $hooks.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $hooks.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $hooks.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $hooks.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
containers:
  - name: marblerun-hooks
    image: {{ include "marblerun.hooks.image" $root | quote }}
    imagePullPolicy: {{ ($hooks.image).pullPolicy | default "IfNotPresent" }}
    args: {{ concat (index . 2) (list "--config" "/etc/marblerun-hooks") | toJson }}
    env:
      - name: POD_NAMESPACE
        valueFrom:
          fieldRef:
            fieldPath: metadata.namespace
      - name: POD_NAME
        valueFrom:
          fieldRef:
            fieldPath: metadata.name
      - name: JOB_NAME
        value: {{ $name }}
      # Without them tens of MiB of garbage pile up before anything is collected.
      - name: NODE_OPTIONS
        value: --max-semi-space-size=1 --expose-gc
    securityContext:
      {{- include "marblerun.ownPods.containerSecurity" . | nindent 6 }}
    terminationMessagePolicy: FallbackToLogsOnError
    {{- with $hooks.resources }}
    resources:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    volumeMounts:
      - name: config
        mountPath: /etc/marblerun-hooks
        readOnly: true
volumes:
  - name: config
    configMap:
      name: {{ $name }}
{{- end }}
