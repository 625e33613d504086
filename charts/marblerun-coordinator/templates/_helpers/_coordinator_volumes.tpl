{{/*
Volumes of the Coordinator's pod: the sealed state of one that keeps it on a volume, the settings for DCAP, and the user's.
*/}}
{{- define "marblerun.coordinator.volumes" -}}
{{- if not (include "marblerun.distributed" .) }}
- name: coordinator-pv-storage
  persistentVolumeClaim:
    claimName: {{ include "marblerun.coordinator.claim" . | quote }}
{{- end }}
{{- if include "marblerun.dcap.enabled" . }}
- name: dcap-conf
  configMap:
    name: coordinator-dcap-config
{{- end }}
{{- with .Values.coordinator.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "marblerun.coordinator.volumeMounts" -}}
{{- if not (include "marblerun.distributed" .) }}
- name: coordinator-pv-storage
  mountPath: /coordinator/data
{{- end }}
{{- if include "marblerun.dcap.enabled" . }}
- name: dcap-conf
  mountPath: /etc/sgx_default_qcnl.conf
  subPath: sgx_default_qcnl.conf
{{- end }}
{{- with .Values.coordinator.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}
