{{/*
What is to be on every object may not change what one of them is: whom it belongs to, what selects it, and who deletes it.
*/}}
{{- define "marblerun.requirements.common" -}}
{{- $domains := list "app.kubernetes.io" "helm.sh" "meta.helm.sh" "edgeless.systems" "marblerun" "marblerun-hooks" }}
{{- $own := list .Values.global.coordinatorComponentLabel .Values.global.coordinatorNamespaceLabel "argocd.argoproj.io/ignore-healthcheck" "argocd.argoproj.io/sync-options" "azure.workload.identity/client-id" "cert-manager.io/inject-ca-from" }}
{{- $hook := list "argocd.argoproj.io/hook" "argocd.argoproj.io/hook-delete-policy" }}
{{- range $section := list "commonLabels" "commonAnnotations" }}
{{- range $key, $_ := get $.Values $section | default dict }}
{{- if has $key $hook }}
{{- fail (printf "%s sets %s, but a hook is deleted and made anew at each sync, and the claim with the sealed state would be one. Remove it; hooks.annotations is for the hooks alone." $section $key) }}
{{- end }}
{{- if or (has $key $own) (and (contains "/" $key) (has (splitList "/" $key | first) $domains)) }}
{{- fail (printf "%s sets %s, which the chart sets itself. Choose another key." $section $key) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
