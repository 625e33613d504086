{{/*
What must hold for the injector, where it is part of the release.
*/}}
{{- define "marblerun.requirements.injector" -}}
{{- if include "marblerun.injector.enabled" . }}
{{- include "marblerun.requirements.injector.kinds" . }}
{{- include "marblerun.requirements.injector.complete" . }}
{{- include "marblerun.requirements.injector.oldKeys" . }}
{{- include "marblerun.requirements.injector.certificate" . }}
{{- include "marblerun.requirements.injector.selectors" . }}
{{- end }}
{{- end }}

{{- define "marblerun.requirements.injector.kinds" -}}
{{- $maps := list "marbleInjector.objectSelector" "marbleInjector.namespaceSelector" }}
{{- $lists := list "marbleInjector.objectSelector.matchExpressions" }}
{{- $texts := list "marbleInjector.repository" "marbleInjector.image" "marbleInjector.hash" "marbleInjector.resourceKey" "marbleInjector.CABundle" }}
{{- include "marblerun.requirements.kindsOf" (list . $maps $lists $texts) }}
{{- end }}

{{- define "marblerun.requirements.injector.complete" -}}
{{- range list "replicas" "repository" "image" "version" "pullPolicy" "resourceKey" }}
{{- if has (include "marblerun.value" (list $.Values (printf "marbleInjector.%s" .))) (list "" "0") }}
{{- fail (printf "marbleInjector.%s is %s, but the injector cannot do without, and without the injector no pod of a Marble could be created. Leave it out for the default, or set marbleInjector.start to false." . (get $.Values.marbleInjector . | toJson)) }}
{{- end }}
{{- end }}
{{- end }}

{{/*
An old key that the injector shared with the Coordinator, and its successor. The chart's default is nothing that the user said.
*/}}
{{- define "marblerun.requirements.injector.oldKeys" -}}
{{- $defaults := include "marblerun.defaults" . | fromYaml }}
{{- range list "repository" "version" "pullPolicy" }}
{{- $old := include "marblerun.value" (list $.Values (printf "global.image.%s" .)) }}
{{- $new := include "marblerun.value" (list $.Values (printf "marbleInjector.%s" .)) }}
{{- if not (or (empty $old) (has $new (list $old (get $defaults .)))) }}
{{- fail (printf "global.image.%s is %q, marbleInjector.%s is %q. They mean the same: keep marbleInjector.%s only, and coordinator.%s for the Coordinator." . $old . $new . .) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "marblerun.requirements.injector.certificate" -}}
{{- $bundle := .Values.marbleInjector.CABundle }}
{{- if and $bundle (include "marblerun.injector.certManager" .) }}
{{- fail "marbleInjector.CABundle and marbleInjector.useCertManager are both set, but cert-manager makes an authority of its own and tells the webhook about it. Set marbleInjector.CABundle to the empty text, or marbleInjector.useCertManager to false." }}
{{- end }}
{{- if not (or $bundle (include "marblerun.injector.certManager" .)) }}
{{- fail (printf "marbleInjector.start is true, but nothing says whom the API server shall trust: it would refuse every pod of a Marble. With cert-manager, set marbleInjector.useCertManager to true. Otherwise set marbleInjector.CABundle to the authority of the certificate in the Secret %s, as base64: a release that has one shows it with `kubectl get mutatingwebhookconfiguration %s -o jsonpath='{.webhooks[0].clientConfig.caBundle}'`." (include "marblerun.injector.secretName" .) (include "marblerun.injector.webhookName" .)) }}
{{- end }}
{{- if and $bundle (not (contains "BEGIN CERTIFICATE" ($bundle | b64dec))) }}
{{- fail "marbleInjector.CABundle must be the base64 of a certificate in PEM. Make it with `base64 -w0 ca.pem`." }}
{{- end }}
{{- end }}

{{- define "marblerun.requirements.injector.selectors" -}}
{{- $injector := .Values.marbleInjector }}
{{- if not (or $injector.objectSelector $injector.namespaceSelector) }}
{{- fail "marbleInjector.objectSelector and marbleInjector.namespaceSelector are both empty: the injector refuses what has no label marblerun/marbletype, so that no pod in the cluster could be created. Leave marbleInjector.objectSelector out for the default." }}
{{- end }}
{{- end }}
