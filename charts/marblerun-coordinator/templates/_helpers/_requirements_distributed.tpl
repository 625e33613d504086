{{/*
What must hold for Coordinators that share their state, and for Azure: half a setting would have no effect, without a word.
*/}}

{{- define "marblerun.requirements.distributed" -}}
{{- $replicas := include "marblerun.setting" (list . "replicas") }}
{{- if and (gt (int $replicas) 1) (not (include "marblerun.distributed" .)) }}
{{- fail (printf "coordinator.replicas is %s, but a standalone Coordinator is exactly one: its state is on a volume of its own. Set coordinator.replicas to 1, or see coordinator.distributedDeployment, which starts without the state of a standalone Coordinator." $replicas) }}
{{- end }}
{{- if include "marblerun.distributed" . }}
{{- range list "stateSecretName" "kekConfigMap" "keyAPIName" }}
{{- if not (get $.Values.coordinator .) }}
{{- fail (printf "coordinator.%s has no value, but a distributed deployment needs it. Leave it at its default." .) }}
{{- end }}
{{- end }}
{{- $backend := .Values.coordinator.storeBackend | toString }}
{{- if ne $backend "k8s-secret" }}
{{- fail (printf "coordinator.storeBackend is %q, but Coordinators share a state in k8s-secret only: with anything else each would keep its own. Leave it at its default." $backend) }}
{{- end }}
{{- $version := include "marblerun.setting" (list . "version") }}
{{- if include "marblerun.version.before" (list $version "1.9.0") }}
{{- fail (printf "coordinator.distributedDeployment is true, but coordinator.version is %s, and Coordinators share a state from v1.9.0 on only. Use v1.9.0 or later." $version) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "marblerun.requirements.azure" -}}
{{- $credentials := .Values.coordinator.azureCredentials | default dict }}
{{- $set := list }}
{{- range list "clientID" "tenantID" "clientSecret" }}
{{- if get $credentials . }}{{ $set = append $set . }}{{ end }}
{{- end }}
{{- if $credentials.enableWorkloadIdentity }}
{{- range list "secretName" "tenantID" "clientSecret" }}
{{- if get $credentials . }}
{{- fail (printf "coordinator.azureCredentials.%s is set, but enableWorkloadIdentity takes the place of a Secret. Keep one of the two." .) }}
{{- end }}
{{- end }}
{{- if not $credentials.clientID }}
{{- fail "coordinator.azureCredentials.clientID has no value, but enableWorkloadIdentity needs the client ID of the managed identity." }}
{{- end }}
{{- else if and $credentials.secretName $set }}
{{- fail (printf "coordinator.azureCredentials.%s is set, but secretName names a Secret that has the credentials. Keep one of the two." (first $set)) }}
{{- else if and $set (lt (len $set) 3) }}
{{- range list "clientID" "tenantID" "clientSecret" }}
{{- if not (get $credentials .) }}
{{- fail (printf "coordinator.azureCredentials.%s has no value, but credentials are clientID, tenantID and clientSecret together. Set all three, or secretName alone." .) }}
{{- end }}
{{- end }}
{{- end }}
{{- include "marblerun.requirements.hsm" (.Values.coordinator.azureHSM | default dict) }}
{{- end }}

{{/*
A Manifest with the feature gate AzureHSMSealing is refused where one of these is missing. Takes the section.
*/}}
{{- define "marblerun.requirements.hsm" -}}
{{- if or .keyName .keyVersion .vaultURL .maaURL }}
{{- range list "keyName" "vaultURL" "maaURL" }}
{{- if not (get $ .) }}
{{- fail (printf "coordinator.azureHSM.%s has no value, but the Coordinator needs keyName, vaultURL and maaURL together. Set all three." .) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
