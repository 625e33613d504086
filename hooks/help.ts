/** What `--help` prints. */
export const help = `Usage: marblerun-hooks COMMAND [OPTIONS]

Keeps an update of the MarbleRun Coordinator from costing the mesh its state.

Commands:
  preflight   before an upgrade: will the Coordinator keep its node and its state?
  rollout     after an upgrade: is it the same state, and can Marbles start?
  test        at any time: is the Coordinator well, reached through its Services, and in its place? (helm test)
  watch       logs the Coordinator's state whenever it changes; the anchor also writes Events and keeps the record true
  status      what the Coordinator is in, what runs under it, and what to do next: status [RELEASE] -n NAMESPACE
  recover     attests a Coordinator in state 1 and gives it the recovery secrets: recover [RELEASE] -n NAMESPACE
              --secret FILE --key FILE --era-config FILE
  backup      copies the sealed state into a ring of Secrets (the pod that preflight starts)
  plan        what would this helm upgrade do? plan RELEASE CHART [FLAGS OF helm upgrade]; changes nothing
  restore     puts a copy back onto the volume (the chart's CronJob marblerun-coordinator-restore)
  check-manifest NEW
              what would the Coordinator make of this Manifest or update? NEW is a file in JSON or YAML, or - for
              standard input

Options:
  --config FOLDER      settings.json, deployment.json and the other files of the chart (preflight, rollout, test)
  --coordinator URL    the Coordinator's client API (watch; status and recover ask its pods, through the API server)
  --interval SECONDS   time between two looks (watch, status; 5)
  --deployment NAME    the Coordinator's Deployment: its node is held while it is between two pods (watch)
  --hold SECONDS       how long at most, after the signal to stop (watch; 50)
  --grace SECONDS      how long the Coordinator may need recovery before the anchor is not Ready (watch; 600)
  --down SECONDS       how long it may give no answer before that (watch; 900)
  --ready-port NUMBER  where the anchor listens while it is Ready (watch with --deployment; 8080)
  --output text|json   how the report is printed (text); plan has markdown, too
  --detached           this is the Job that rolls the Marbles with rollout.detach (rollout)
  --seal-dir FOLDER    where the volume's sealed state is (backup, restore)
  --copies NUMBER      Secrets of the ring; --node, --coordinator-version, --manifest and --simulation say
                       what is copied (backup)
  --from FOLDER        where the ring's Secrets are mounted (restore)
  --copy NAME          the Secret to restore from (restore; the newest copy)
  --replace yes|no     whether another sealed state may be put aside (restore; no)
  -n, --namespace NAME, --context NAME, --kubeconfig FILE
                       where the release is, as for kubectl (status, recover)
  -w, --watch          goes on until Ctrl-C: a live view in a terminal, elsewhere a line for each change (status)
  --secret FILE, --key FILE, --signature FILE, --passphrase-file FILE
                       what a party has; docs/recovery.md says of each what it takes (recover)
  --era-config FILE, --unique-id HEX, --signer-id HEX, --product-id NUMBER, --security-version NUMBER,
  --accepted-tcb-statuses LIST, --accepted-advisories LIST
                       which enclave the Coordinator has to be; --insecure takes a simulation (recover)
  --pccs URL, --collateral FILE
                       where Intel's collateral comes from (recover; Intel's service)
  --continue           goes on with the rollout that failed by it, unasked (recover)
  --current FILE       the Manifest in force, so that NEW is an update of it (check-manifest)
  --from-coordinator   the same, asked of the Coordinator through the kubeconfig; --namespace, -n says where it is
                       (check-manifest; marblerun)
  --coordinator-version VERSION
                       whose rules to go by (check-manifest; that of the Coordinator that is asked, or the newest)
  --help, --version

Exit codes: 0 fine or warnings, 1 a finding blocks or a person must act, 2 wrong settings or usage,
3 could not find out (API unreachable, deadline); 143 stopped, to be run again.
`;

/** What `plan --help` prints. */
export const planHelp = `Usage: marblerun-hooks plan RELEASE CHART [FLAGS OF helm upgrade] [--output text|json|markdown]

Says what helm upgrade with the same words would do, and changes nothing: what preflight would find, whether the
Coordinator restarts, which Marbles do and in which order, how long it should take, and the command to run next.

Examples:
  marblerun-hooks plan marblerun-coordinator edgeless/marblerun-coordinator -n marblerun --reset-then-reuse-values
  marblerun-hooks plan marblerun-coordinator ./chart -n marblerun -f values.yaml --set coordinator.version=v1.9.1
  marblerun-hooks plan marblerun-coordinator ./chart -n marblerun -f values.yaml --output markdown > comment.md

It runs Helm 3.13 or later, which HELM_BIN names (helm), and reads the cluster with --kubeconfig and --kube-context, as
Helm does.

Exit codes: 0 preflight would pass, 1 it would refuse, 2 wrong flags or values, 3 could not find out.
`;
