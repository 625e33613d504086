{{/*
What the hooks know of the release: settings.json in their ConfigMap.
*/}}
{{- define "marblerun.hooks.settings" -}}
schemaVersion: 1
release:
  name: {{ .Release.Name | quote }}
  namespace: {{ .Release.Namespace | quote }}
  revision: {{ .Release.Revision }}
chart:
  name: {{ .Chart.Name }}
  version: {{ .Chart.Version | quote }}
  appVersion: {{ .Chart.AppVersion | quote }}
coordinator:
  deployment: {{ include "marblerun.coordinator.name" . }}
  container: coordinator
  version: {{ include "marblerun.setting" (list . "version") | quote }}
  simulation: {{ eq (include "marblerun.simulation" .) "true" }}
  clientPort: {{ int .Values.coordinator.clientServerPort }}
  meshPort: {{ int .Values.coordinator.meshServerPort }}
  persistentVolumeClaim: {{ include "marblerun.coordinator.claim" . | quote }}
anchor:
  deployment: {{ ternary (include "marblerun.anchor.name" .) "" (eq (include "marblerun.anchor.enabled" .) "true") | quote }}
placement:
  stickiness: {{ include "marblerun.placement.stickiness" . }}
  avoidNodes: {{ (.Values.placement).avoidNodes | default list | toJson }}
  groupLabel:
    key: {{ include "marblerun.placement.groupKey" . }}
    value: {{ include "marblerun.placement.groupValue" . }}
hooks:
  acknowledge: {{ .Values.hooks.acknowledge | default list | toJson }}
  deadlineSeconds: {{ include "marblerun.hooks.deadlineSeconds" . }}
  preflight:
    mode: {{ (.Values.hooks.preflight).mode | default "enforce" }}
recovery:
  mode: {{ (.Values.recovery).mode | default "manual" }}
backup:
  enabled: {{ eq (include "marblerun.backup.enabled" .) "true" }}
  copies: {{ include "marblerun.backup.copies" . }}
rollout:
  restart: {{ (.Values.rollout).restart | default "auto" }}
  maxConcurrent: {{ (.Values.rollout).maxConcurrent | default 5 | int }}
  nonce: {{ (.Values.rollout).nonce | default "" | quote }}
  onDelete: {{ (.Values.rollout).onDelete | default "report" }}
  namespaces: {{ (.Values.rollout).namespaces | default list | toJson }}
  detach: {{ eq (include "marblerun.roll.enabled" .) "true" }}
  detachedDeadlineSeconds: {{ include "marblerun.roll.deadlineSeconds" . }}
claim: {{ include "marblerun.masked.object" (list . "marblerun.coordinator.claimObject") | fromYaml | toJson }}
oldKeys: {{ include "marblerun.oldKeys.used" . | fromYamlArray | toJson }}
values:
  {{- include "marblerun.publicValues" . | nindent 2 }}
defaults:
  {{- .Files.Get "defaults.json" | fromJson | toYaml | nindent 2 }}
{{- end }}
