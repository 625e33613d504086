{{/*
The claim that the chart makes for the sealed state; nothing where the user names one, or the state is on no volume. Rendered into the release, and into
the settings of the hooks as what is about to be applied.
*/}}
{{- define "marblerun.coordinator.claimObject" -}}
{{- if not (or .Values.coordinator.pvcName (include "marblerun.distributed" .)) -}}
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: {{ include "marblerun.coordinator.claim" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "marblerun.labels" (list . "persistent-storage" "coordinator-pv-claim") | nindent 4 }}
  annotations:
    # It holds the sealed state: neither an uninstall nor a changed value may delete it. Argo CD heeds the first for the
    # uninstall only.
    helm.sh/resource-policy: keep
    argocd.argoproj.io/sync-options: Prune=false
spec:
  {{- with .Values.coordinator.storageClass }}
  storageClassName: {{ . | quote }}
  {{- end }}
  accessModes:
    - ReadWriteOnce
  resources:
    requests:
      storage: {{ .Values.coordinator.storageSize }}
{{- end }}
{{- end }}
