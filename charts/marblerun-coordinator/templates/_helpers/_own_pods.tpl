{{/*
Metadata of the pods that run the hook image, and of the injector: as for every pod, but without the sidecar of a service mesh,
which would never let a Job end, costs more than the anchor itself and lets no API server through. What is set for one of
them has the last word.
*/}}

{{/*
Takes (list root component name labels), the labels being those set for this pod alone.
*/}}
{{- define "marblerun.ownPods.labels" -}}
{{- $chart := include "marblerun.podLabels" . | fromYaml }}
{{- merge dict (index . 3) (dict "sidecar.istio.io/inject" "false") $chart | toYaml }}
{{- end }}

{{/*
Takes (list root annotations), the annotations being those set for this pod alone.
*/}}
{{- define "marblerun.ownPods.annotations" -}}
{{- $mesh := dict "sidecar.istio.io/inject" "false" "linkerd.io/inject" "disabled" }}
{{- merge dict (index . 1) $mesh ((index . 0).Values.global.podAnnotations | default dict) | toYaml }}
{{- end }}

{{/*
Security contexts that pass Pod Security `restricted`.
*/}}
{{- define "marblerun.ownPods.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "marblerun.ownPods.containerSecurity" -}}
allowPrivilegeEscalation: false
capabilities:
  drop: [ALL]
readOnlyRootFilesystem: true
{{- end }}
