{{/*
What the pods that hold the Coordinator's node have in common: the anchor, and the pin that stands in for it.
They go wherever the Coordinator may go, and ask for next to nothing. Takes (list root more), the more being what one of
them alone has: `podSpec`, `args`, `container`.
*/}}
{{- define "marblerun.watcher.podSpec" -}}
{{- $root := index . 0 }}
{{- $more := index . 1 }}
{{- with $more.podSpec }}
{{- toYaml . }}
{{- end }}
{{- with $root }}
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
{{- with .Values.coordinator.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
containers:
  - name: marblerun-hooks
    image: {{ include "marblerun.hooks.image" . | quote }}
    imagePullPolicy: {{ ((.Values.hooks).image).pullPolicy | default "IfNotPresent" }}
    args: {{ concat (list "watch" "--coordinator" (include "marblerun.coordinator.address" .)) ($more.args | default list) | toJson }}
    {{- with $more.container }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    securityContext:
      {{- include "marblerun.ownPods.containerSecurity" . | nindent 6 }}
    {{- with (.Values.anchor).resources }}
    resources:
      {{- toYaml . | nindent 6 }}
    {{- end }}
{{- end }}
{{- end }}

{{/*
The anchor: when it has to go while the Coordinator is between two pods, it stays until the next one has its node, or until
little is left of its grace period. That is longer than the old pod of the Coordinator may take to end, 30 s by default.
*/}}
{{- define "marblerun.anchor.graceSeconds" -}}
{{- .Values.coordinator.terminationGracePeriodSeconds | default 30 | int | add 30 }}
{{- end }}
{{- define "marblerun.anchor.holdSeconds" -}}
{{- .Values.coordinator.terminationGracePeriodSeconds | default 30 | int | add 20 }}
{{- end }}

{{/*
Where the anchor listens while it is Ready. Looking costs next to nothing, and the rollout hook waits for the first answer.
*/}}
{{- define "marblerun.anchor.readyPort" -}}8080{{- end }}
{{- define "marblerun.anchor.readinessProbe" -}}
tcpSocket:
  port: {{ include "marblerun.anchor.readyPort" . }}
periodSeconds: 2
failureThreshold: 2
{{- end }}
{{- define "marblerun.anchor.podSpec" -}}
{{- $podSpec := dict "serviceAccountName" (include "marblerun.serviceAccount.name" (list . "anchor")) "automountServiceAccountToken" true }}
{{- $port := include "marblerun.anchor.readyPort" . }}
{{- $args := list "--deployment" (include "marblerun.coordinator.name" .) "--hold" (include "marblerun.anchor.holdSeconds" .) "--ready-port" $port }}
{{- range $flag, $key := dict "--grace" "graceSeconds" "--down" "downSeconds" }}
{{- $args = concat $args (list $flag (get $.Values.anchor $key | default (get (include "marblerun.defaults" $ | fromYaml).anchor $key) | int | toString)) }}
{{- end }}
{{- /* Without it the young generation grows to tens of MiB before anything is collected. */}}
{{- $env := list (dict "name" "NODE_OPTIONS" "value" "--max-semi-space-size=1") }}
{{- range $name, $path := dict "POD_NAMESPACE" "metadata.namespace" "NODE_NAME" "spec.nodeName" }}
{{- $env = append $env (dict "name" $name "valueFrom" (dict "fieldRef" (dict "fieldPath" $path))) }}
{{- end }}
{{- $probe := include "marblerun.anchor.readinessProbe" . | fromYaml -}}
terminationGracePeriodSeconds: {{ include "marblerun.anchor.graceSeconds" . }}
{{ include "marblerun.watcher.podSpec" (list . (dict "podSpec" $podSpec "args" $args "container" (dict "env" $env "readinessProbe" $probe))) }}
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
  {{- include "marblerun.watcher.podSpec" (list . (dict "podSpec" (dict "automountServiceAccountToken" false))) | nindent 2 }}
{{- end }}
