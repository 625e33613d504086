{{/*
What must hold for ServiceAccounts and rights.
*/}}
{{- define "marblerun.requirements.rights" -}}
{{- include "marblerun.requirements.rights.kinds" . }}
{{- if not (has (include "marblerun.rbac.scope" .) (list "cluster" "namespaces")) }}
{{- fail (printf "rbac.scope is %q, but must be cluster or namespaces." (include "marblerun.rbac.scope" .)) }}
{{- end }}
{{- if and (eq (include "marblerun.rbac.scope" .) "namespaces") (not (.Values.rollout).namespaces) }}
{{- fail "rbac.scope is namespaces, but rollout.namespaces is empty, and so Marbles are looked for in all of them. Name the namespaces of the Marbles in rollout.namespaces, or the release's own where there are no others." }}
{{- end }}
{{- include "marblerun.requirements.serviceAccounts" . }}
{{- end }}

{{- define "marblerun.requirements.rights.kinds" -}}
{{- $maps := list "rbac" }}
{{- $texts := list "rbac.scope" }}
{{- range include "marblerun.serviceAccount.sections" . | fromYaml }}
{{- $maps = concat $maps (list (printf "%s.serviceAccount" .) (printf "%s.serviceAccount.annotations" .)) }}
{{- $texts = append $texts (printf "%s.serviceAccount.name" .) }}
{{- end }}
{{- include "marblerun.requirements.kindsOf" (list . $maps list $texts) }}
{{- end }}

{{/*
A hook's ServiceAccount is deleted before each run: it may be nobody else's.
*/}}
{{- define "marblerun.requirements.serviceAccounts" -}}
{{- $root := . }}
{{- $makers := dict "default" "Kubernetes itself" }}
{{- range $part, $section := include "marblerun.serviceAccount.sections" . | fromYaml }}
{{- $name := include "marblerun.serviceAccount.name" (list $root $part) }}
{{- if include "marblerun.serviceAccount.made" (list $root $part) }}
{{- with get $makers $name }}
{{- fail (printf "%s.serviceAccount.name is %s, which %s makes. Choose another name, or set %s.serviceAccount.create to false." $section $name . $section) }}
{{- end }}
{{- $_ := set $makers $name (printf "%s.serviceAccount" $section) }}
{{- end }}
{{- range $key, $_ := include "marblerun.serviceAccount.annotations" (list $root $part) | fromYaml }}
{{- if hasPrefix "helm.sh/" $key }}
{{- fail (printf "%s.serviceAccount.annotations sets %s, but what Helm does with an object is the chart's to say. Remove it." $section $key) }}
{{- end }}
{{- end }}
{{- end }}
{{- if and (include "marblerun.distributed" .) (eq (((.Values.coordinator).serviceAccount).automountServiceAccountToken | toString) "false") }}
{{- fail "coordinator.serviceAccount.automountServiceAccountToken is false, but Coordinators that share their state keep it by the API server, and need the token. Leave it out." }}
{{- end }}
{{- end }}
