{{/*
Values of another kind than templates can work with. The schema says so too, but `--skip-schema-validation` skips it, and
what Helm says when a template fails names no key.
*/}}
{{- define "marblerun.requirements.kinds" -}}
{{- $maps := list "global" "global.podLabels" "global.podAnnotations" "global.image" "coordinator" "coordinator.resources" "coordinator.resources.limits" "coordinator.probes" "coordinator.probes.startup" "coordinator.probes.readiness" "coordinator.probes.liveness" "coordinator.azureCredentials" "coordinator.azureHSM" "coordinator.podSecurityContext" "coordinator.securityContext" "coordinator.podLabels" "coordinator.podAnnotations" "coordinator.affinity" "coordinator.podDisruptionBudget" "coordinator.affinity.nodeAffinity" "coordinator.affinity.podAffinity" "coordinator.affinity.podAntiAffinity" "marbleInjector" "nodeSelector" "dcap" "placement" "anchor" "anchor.resources" "hooks" "hooks.annotations" "hooks.podAnnotations" "hooks.podLabels" "hooks.nodeSelector" "hooks.affinity" "hooks.resources" "hooks.image" "hooks.preflight" "hooks.rollout" "recovery" "rollout" "metrics" "metrics.podMonitor" "metrics.podMonitor.labels" "metrics.prometheusRule" "metrics.prometheusRule.labels" "hooks.test" "commonLabels" "commonAnnotations" "networkPolicy" "networkPolicy.apiServer" }}
{{- $lists := list "global.imagePullSecrets" "tolerations" "coordinator.topologySpreadConstraints" "coordinator.extraEnv" "coordinator.extraEnvFrom" "coordinator.extraVolumes" "coordinator.extraVolumeMounts" "coordinator.initContainers" "coordinator.extraContainers" "placement.avoidNodes" "hooks.acknowledge" "hooks.tolerations" "rollout.namespaces" "networkPolicy.apiServer.cidrs" "networkPolicy.apiServer.ports" "networkPolicy.extraIngress" "networkPolicy.extraEgress" }}
{{- $texts := list "global.coordinatorComponentLabel" "global.coordinatorNamespaceLabel" "global.pullSecret" "global.imageRegistry" "coordinator.repository" "coordinator.image" "coordinator.hash" "coordinator.hostname" "coordinator.pvcName" "coordinator.sealDir" "coordinator.azureCredentials.secretName" "coordinator.azureCredentials.clientID" "coordinator.azureCredentials.tenantID" "dcap.qcnlConfig" }}
{{- include "marblerun.requirements.kindsOf" (list . $maps $lists $texts) }}
{{- end }}

{{/*
Takes (list root maps lists texts), the last three being lists of dotted keys.
*/}}
{{- define "marblerun.requirements.kindsOf" -}}
{{- $root := index . 0 }}
{{- range $kind, $keys := dict "map" (index . 1) "slice" (index . 2) "string" (index . 3) }}
{{- range $key := $keys }}
{{- $node := $root.Values }}
{{- range splitList "." $key }}
{{- $node = ternary (get (ternary $node dict (kindIs "map" $node)) .) "" (kindIs "map" $node) }}
{{- end }}
{{- if not (or (kindIs "invalid" $node) (eq (toString $node) "") (kindIs $kind $node)) }}
{{- fail (printf "%s is %s, but must be %s." $key (toJson $node) (get (dict "map" "a map" "slice" "a list" "string" "a text") $kind)) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
