{{/*
Azure Managed HSM: the key there wraps the one that the CPU seals. The credentials reach the Coordinator through a Secret
or a workload identity, and nothing else of the chart.
*/}}

{{/*
"true" where the chart makes the Secret with the credentials.
*/}}
{{- define "marblerun.azure.ownSecret" -}}
{{- with .Values.coordinator.azureCredentials }}
{{- if and (not .secretName) (not .enableWorkloadIdentity) .clientID .tenantID .clientSecret }}true{{ end }}
{{- end }}
{{- end }}

{{- define "marblerun.azure.secretName" -}}
{{- if include "marblerun.azure.ownSecret" . -}}
coordinator-azure-credentials
{{- else if not (include "marblerun.azure.workloadIdentity" .) }}
{{- (.Values.coordinator.azureCredentials).secretName }}
{{- end }}
{{- end }}

{{- define "marblerun.azure.workloadIdentity" -}}
{{- if (.Values.coordinator.azureCredentials).enableWorkloadIdentity }}true{{ end }}
{{- end }}

{{/*
What Azure's webhook looks for on pods.
*/}}
{{- define "marblerun.azure.podLabels" -}}
{{- if include "marblerun.azure.workloadIdentity" . }}azure.workload.identity/use: "true"{{ end }}
{{- end }}

{{- define "marblerun.azure.accountAnnotations" -}}
{{- if include "marblerun.azure.workloadIdentity" . }}
azure.workload.identity/client-id: {{ .Values.coordinator.azureCredentials.clientID | quote }}
{{- end }}
{{- end }}

{{- define "marblerun.azure.env" -}}
{{- with include "marblerun.azure.secretName" . }}
{{- $secret := . }}
{{- range list "AZURE_CLIENT_ID" "AZURE_TENANT_ID" "AZURE_CLIENT_SECRET" }}
- name: EDG_{{ . }}
  valueFrom:
    secretKeyRef:
      name: {{ $secret | quote }}
      key: {{ . }}
{{- end }}
{{- end }}
{{- $hsm := .Values.coordinator.azureHSM | default dict }}
{{- range $pair := list (list "KEY_NAME" "keyName") (list "KEY_VERSION" "keyVersion") (list "VAULT_URL" "vaultURL") }}
{{- with get $hsm (index $pair 1) }}
- name: EDG_AZURE_HSM_{{ index $pair 0 }}
  value: {{ . | quote }}
{{- end }}
{{- end }}
{{- with $hsm.maaURL }}
- name: EDG_MAA_URL
  value: {{ . | quote }}
{{- end }}
{{- end }}
