import type { ContainerPort, PodAffinityTerm, TopologySpreadConstraint, Volume } from './pod-rules.ts';

/**
 * The parts of Kubernetes objects that the hooks read, as the API server sends them. Narrow on purpose: a field
 * that is not here is not relied on.
 */

export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  managedFields?: ManagedFields[];
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
}

/** Who set which fields, as server-side apply keeps it (Kubernetes: "Field management"). */
export interface ManagedFields {
  manager: string;
  operation: 'Apply' | 'Update';
  subresource?: string;
  apiVersion?: string;
  time?: string;
  fieldsType?: string;
  fieldsV1?: FieldSet;
}

/** A set of field paths: `f:name` keys hold the sets below them. */
export interface FieldSet {
  [path: string]: FieldSet;
}

export interface Toleration {
  key?: string;
  operator?: string;
  value?: string;
  effect?: string;
  tolerationSeconds?: number;
}

export interface Taint {
  key: string;
  value?: string;
  effect: string;
}

export interface NodeSelectorRequirement {
  key: string;
  operator: string;
  values?: string[];
}

/** One of several alternatives: a node must satisfy every requirement of at least one term. */
export interface NodeSelectorTerm {
  matchExpressions?: NodeSelectorRequirement[];
  matchFields?: NodeSelectorRequirement[];
}

export interface NodeSelector {
  nodeSelectorTerms: NodeSelectorTerm[];
}

export interface Resources {
  requests?: Record<string, string | number>;
  limits?: Record<string, string | number>;
}

export interface VolumeMount {
  name: string;
  mountPath: string;
  subPath?: string;
  readOnly?: boolean;
}

/** Of a pod or of a container: each has fields that the other has not. */
export interface SecurityContext {
  runAsUser?: number;
  runAsGroup?: number;
  runAsNonRoot?: boolean;
  supplementalGroups?: number[];
  fsGroup?: number;
  seLinuxOptions?: object;
  seccompProfile?: object;
}

export interface Container {
  name: string;
  image?: string;
  imagePullPolicy?: string;
  args?: string[];
  securityContext?: SecurityContext;
  volumeMounts?: VolumeMount[];
  restartPolicy?: string;
  ports?: ContainerPort[];
  env?: EnvironmentVariable[];
  resources?: Resources;
  startupProbe?: Probe;
  readinessProbe?: Probe;
  livenessProbe?: Probe;
}

export interface EnvironmentVariable {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef?: { name?: string }; fieldRef?: { fieldPath: string } };
}

/** The timing of a probe. */
export interface Probe {
  initialDelaySeconds?: number;
  periodSeconds?: number;
  timeoutSeconds?: number;
  failureThreshold?: number;
}

export interface PodSpec {
  nodeName?: string;
  nodeSelector?: Record<string, string>;
  schedulerName?: string;
  schedulingGates?: { name: string }[];
  resourceClaims?: { name: string }[];
  /** For the pod as a whole (Kubernetes 1.34: pod-level resources). */
  resources?: Resources;
  overhead?: Record<string, string | number>;
  affinity?: {
    nodeAffinity?: { requiredDuringSchedulingIgnoredDuringExecution?: NodeSelector };
    podAffinity?: { requiredDuringSchedulingIgnoredDuringExecution?: PodAffinityTerm[] };
    podAntiAffinity?: { requiredDuringSchedulingIgnoredDuringExecution?: PodAffinityTerm[] };
  };
  topologySpreadConstraints?: TopologySpreadConstraint[];
  hostNetwork?: boolean;
  runtimeClassName?: string;
  priorityClassName?: string;
  /** Set by the API server from the priority class. */
  priority?: number;
  preemptionPolicy?: string;
  tolerations?: Toleration[];
  initContainers?: Container[];
  containers: Container[];
  volumes?: Volume[];
  imagePullSecrets?: { name: string }[];
  securityContext?: SecurityContext;
}

export interface ContainerStatus {
  name: string;
  ready: boolean;
  restartCount: number;
  /** What the container has now; more than it asks for while it is being resized in place. */
  resources?: Resources;
  allocatedResources?: Record<string, string | number>;
  /** What the runtime started, with the digest where the image came from a registry. */
  imageID?: string;
  state?: {
    running?: { startedAt?: string };
    waiting?: { reason?: string; message?: string };
    terminated?: { reason?: string; message?: string; exitCode?: number };
  };
}

export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

export interface Pod {
  metadata: ObjectMeta;
  spec: PodSpec;
  status?: {
    phase?: string;
    podIP?: string;
    conditions?: Condition[];
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
  };
}

/** Numbers of pods, or percentages of the replicas. */
export interface RollingUpdate {
  maxSurge?: number | string;
  maxUnavailable?: number | string;
}

export interface Deployment {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  spec: {
    replicas?: number;
    paused?: boolean;
    selector: { matchLabels?: Record<string, string> };
    strategy?: { type?: string; rollingUpdate?: RollingUpdate | null };
    template: { metadata?: Partial<ObjectMeta>; spec: PodSpec };
  };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    conditions?: Condition[];
  };
}

export interface ReplicaSet {
  metadata: ObjectMeta;
  spec: { template: { metadata?: Partial<ObjectMeta>; spec: PodSpec } };
  status?: { replicas?: number };
}

export interface Node {
  metadata: ObjectMeta;
  spec: { unschedulable?: boolean; taints?: Taint[] };
  status?: { allocatable?: Record<string, string>; conditions?: Condition[] };
}

export interface PersistentVolumeClaim {
  metadata: ObjectMeta;
  spec: {
    volumeName?: string;
    storageClassName?: string;
    accessModes?: string[];
    resources?: Resources;
  };
  status?: { phase?: string; capacity?: Record<string, string> };
}

export interface PersistentVolume {
  metadata: ObjectMeta;
  spec: { nodeAffinity?: { required?: NodeSelector } };
}

export interface StorageClass {
  metadata: ObjectMeta;
  provisioner: string;
  allowVolumeExpansion?: boolean;
  volumeBindingMode?: string;
  allowedTopologies?: { matchLabelExpressions?: { key: string; values: string[] }[] }[];
}

/** node.k8s.io/v1: what the API server adds to a pod that names it. */
export interface RuntimeClass {
  metadata: ObjectMeta;
  overhead?: { podFixed?: Record<string, string | number> };
  scheduling?: { nodeSelector?: Record<string, string>; tolerations?: Toleration[] };
}

export interface Service {
  metadata: ObjectMeta;
  spec: { type?: string };
}

export interface MutatingWebhookConfiguration {
  metadata: ObjectMeta;
  webhooks?: {
    failurePolicy?: string;
    clientConfig?: { caBundle?: string };
    namespaceSelector?: Record<string, unknown>;
    objectSelector?: Record<string, unknown>;
  }[];
}

export interface ConfigMap {
  metadata: ObjectMeta;
  data?: Record<string, string>;
}

export interface Secret {
  metadata: ObjectMeta;
  /** In base64. */
  data?: Record<string, string>;
}

/** An object in one short name, as kubectl prints it, with its namespace when it has one: `pod/web-1 in shop`. */
export function objectName(kind: string, meta: Pick<ObjectMeta, 'name' | 'namespace'>): string {
  const name = `${kind.toLowerCase()}/${meta.name}`;
  return meta.namespace === undefined ? name : `${name} in ${meta.namespace}`;
}
