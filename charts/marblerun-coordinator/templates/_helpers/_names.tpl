{{/*
Fixed names: upstream's charts use them too, and selectors, certificates and people's scripts depend on them.
*/}}
{{- define "marblerun.coordinator.name" -}}marblerun-coordinator{{- end }}
{{- define "marblerun.anchor.name" -}}marblerun-coordinator-anchor{{- end }}
{{- define "marblerun.pin.name" -}}marblerun-coordinator-pin{{- end }}
{{- define "marblerun.record.name" -}}marblerun-coordinator-record{{- end }}
{{- define "marblerun.report.name" -}}marblerun-coordinator-report{{- end }}
{{- define "marblerun.backup.name" -}}marblerun-coordinator-backup{{- end }}
{{- define "marblerun.restore.name" -}}marblerun-coordinator-restore{{- end }}
{{- define "marblerun.hooks.name" -}}{{ printf "marblerun-coordinator-%s" . }}{{- end }}

{{/*
The PersistentVolumeClaim that holds the sealed state.
*/}}
{{- define "marblerun.coordinator.claim" -}}
{{- .Values.coordinator.pvcName | default "coordinator-pv-claim" }}
{{- end }}

{{/*
Where the Coordinator's client API is reached from inside the cluster.
*/}}
{{- define "marblerun.coordinator.address" -}}
{{- printf "https://coordinator-client-api.%s.svc:%d" .Release.Namespace (int .Values.coordinator.clientServerPort) }}
{{- end }}
