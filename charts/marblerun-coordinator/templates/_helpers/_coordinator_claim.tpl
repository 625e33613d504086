{{/*
The claim that the chart makes for the sealed state; nothing where the user names one, or the state is on no volume. Rendered into the release, and into
the settings of the hooks as what is about to be applied.
*/}}
{{- define "marblerun.coordinator.claimObject" -}}
{{- if not (or .Values.coordinator.pvcName (include "marblerun.distributed" .)) -}}
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  {{- /* It holds the sealed state: neither an uninstall nor a changed value may delete it. Argo CD heeds the first for the uninstall only. */}}
  {{- $annotations := dict "helm.sh/resource-policy" "keep" "argocd.argoproj.io/sync-options" "Prune=false" }}
  {{- include "marblerun.metadata" (list . "persistent-storage" (include "marblerun.coordinator.claim" .) (dict "annotations" $annotations)) | nindent 2 }}
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
