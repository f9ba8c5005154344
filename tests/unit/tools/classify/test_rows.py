"""Every row of the tables, written out once more: a row that is lost or changed by mistake turns one red."""

import pytest

from aof.domain.risk import Risk
from aof.tools.classify import Tables
from aof.tools.classify.programs import BUILT_IN

TABLES = Tables.built_in()

VERBS = """
kubectl read: api-resources, api-versions, auth can-i, auth whoami, cluster-info, config current-context, config
    get-clusters, config get-contexts, config get-users, describe, events, explain, get, help, logs, options, rollout
    history, rollout status, top, version, wait
kubectl sensitive: apply view-last-applied, cluster-info dump, config view
kubectl write: annotate, apply, apply edit-last-applied, apply set-last-applied, autoscale, certificate deny, config
    rename-context, config unset, config use-context, cordon, create, diff, drain, edit, expose, label, patch,
    replace, rollout pause, rollout restart, rollout resume, rollout undo, run, scale, set, taint, uncordon
kubectl delete: config delete-cluster, config delete-context, config delete-user, delete
kubectl dangerous: attach, auth reconcile, certificate approve, config set, config set-cluster, config set-context,
    config set-credentials, cp, create clusterrole, create clusterrolebinding, create role, create rolebinding, create
    token, debug, exec, kustomize, port-forward, proxy, set sa, set serviceaccount, set subject
helm read: dep list, dependency list, get metadata, get notes, help, hist, history, inspect, list, ls, plugin list,
    plugin ls, repo list, repo ls, search, search repo, show, status, version
helm sensitive: env, get all, get hooks, get manifest, get values, search hub
helm write: create, dep build, dep update, dependency build, dependency update, install, lint, package, pull, push,
    registry logout, repo add, repo up, repo update, rollback, template, test, upgrade
helm delete: del, delete, plugin remove, plugin rm, plugin uninstall, repo remove, repo rm, un, uninstall
helm dangerous: plugin add, plugin install, plugin up, plugin update, registry login
docker read: buildx du, buildx ls, buildx version, compose events, compose images, compose logs, compose ls, compose
    port, compose ps, compose stats, compose top, compose version, compose volumes, compose wait, config list, config
    ls, container diff, container list, container logs, container ls, container port, container ps, container stats,
    container top, container wait, context list, context ls, context show, diff, events, help, history, image history,
    image list, image ls, images, info, logs, network list, network ls, node list, node ls, node ps, plugin list,
    plugin ls, port, ps, secret list, secret ls, service list, service logs, service ls, service ps, stack list, stack
    ls, stack ps, stack services, stats, system df, system events, system info, top, version, volume list, volume ls,
    wait
docker sensitive: buildx inspect, compose config, compose convert, config inspect, container inspect, context inspect,
    image inspect, inspect, manifest inspect, network inspect, node inspect, plugin inspect, search, secret inspect,
    service inspect, stack config, volume inspect
docker write: build, builder build, buildx build, commit, compose build, compose commit, compose create, compose
    export, compose pause, compose publish, compose pull, compose push, compose restart, compose run, compose scale,
    compose start, compose unpause, compose up, config create, container commit, container create, container export,
    container pause, container rename, container restart, container run, container start, container unpause, container
    update, create, export, image build, image import, image load, image pull, image push, image save, image tag,
    import, load, logout, network connect, network create, network disconnect, node demote, node promote, node update,
    pause, pull, push, rename, restart, run, save, secret create, service create, service rollback, service scale,
    service update, stack deploy, stack up, start, tag, unpause, update, volume create
docker delete: builder prune, buildx prune, buildx rm, compose down, compose kill, compose rm, compose stop, config
    remove, config rm, container kill, container prune, container remove, container rm, container stop, context
    remove, context rm, image prune, image remove, image rm, kill, network prune, network remove, network rm, node
    remove, node rm, plugin disable, plugin remove, plugin rm, rm, rmi, secret remove, secret rm, service remove,
    service rm, stack down, stack remove, stack rm, stop, system prune, volume prune, volume remove, volume rm
docker dangerous: attach, buildx bake, compose attach, compose bridge, compose cp, compose exec, compose watch,
    container attach, container cp, container exec, context create, context export, context import, context update,
    context use, cp, debug, exec, login, plugin create, plugin enable, plugin install, plugin push, plugin set, plugin
    upgrade, swarm ca, swarm init, swarm join, swarm join-token, swarm leave, swarm unlock, swarm unlock-key, swarm
    update, system dial-stdio, trust
git read: annotate, blame, branch, cherry, count-objects, describe, diff, grep, log, ls-files, ls-tree, merge-base,
    name-rev, reflog, reflog show, rev-list, rev-parse, shortlog, show, show-ref, stash list, stash show, status, tag,
    version, whatchanged, worktree list
git sensitive: remote, remote get-url
git write: add, am, apply, archive, bisect, bundle, checkout, cherry-pick, clone, commit, fetch, fsck, gc, init,
    ls-remote, maintenance, merge, mv, notes, pull, push, rebase, remote add, remote rename, remote set-head, remote
    set-url, remote show, remote update, repack, reset, revert, stash, stash apply, stash pop, stash push, stash save,
    submodule, switch, symbolic-ref, update-ref, worktree add, worktree move
git delete: clean, notes remove, prune, reflog delete, reflog drop, reflog expire, remote prune, remote remove, remote
    rm, restore, rm, stash clear, stash drop, worktree prune, worktree remove
git dangerous: bisect run, citool, config, credential, daemon, difftool, fast-import, filter-branch, filter-repo,
    for-each-repo, gui, hook, hook run, http-backend, instaweb, mergetool, p4, receive-pack, send-email, shell,
    submodule foreach, svn, upload-pack
systemctl read: get-default, is-active, is-enabled, is-failed, is-system-running, list-automounts, list-dependencies,
    list-jobs, list-machines, list-paths, list-sockets, list-timers, list-unit-files, list-units, status
systemctl sensitive: cat, show, show-environment
systemctl write: add-requires, add-wants, cancel, condreload, condrestart, daemon-reexec, daemon-reload, disable,
    enable, force-reload, freeze, log-level, log-target, mask, preset, reenable, reload, reload-or-restart,
    reset-failed, restart, service-log-level, service-log-target, service-watchdogs, set-property, start, thaw,
    try-reload-or-restart, try-restart, unmask
systemctl delete: clean, kill, revert, stop
systemctl dangerous: bind, default, edit, emergency, exit, halt, hibernate, hybrid-sleep, import-environment, isolate,
    kexec, link, mount-image, poweroff, preset-all, reboot, rescue, set-default, set-environment, sleep, soft-reboot,
    suspend, suspend-then-hibernate, switch-root, unset-environment
terraform read: graph, metadata functions, modules, output, plan, providers, show, state list, state show, validate,
    version, workspace list, workspace show
terraform sensitive: state pull
terraform write: apply, fmt, get, import, init, logout, providers lock, providers mirror, refresh, state identities,
    state mv, state replace-provider, taint, test, untaint, workspace new, workspace select
terraform delete: destroy, state rm, workspace delete
terraform dangerous: console, force-unlock, login, state push
aws read: * batch-get-*, * describe-*, * estimate-*, * get-*, * head-*, * help, * list-*, * lookup-*, * search-*, *
    wait, account describe-*, account get-*, account list-*, cloudtrail lookup-events, help, iam describe-*, iam
    get-*, iam list-*, iam simulate-principal-policy, identitystore describe-*, identitystore get-*, identitystore
    list-*, logs filter-log-events, logs start-query, logs stop-query, logs tail, organizations describe-*,
    organizations get-*, organizations list-*, s3 ls, sso-admin describe-*, sso-admin get-*, sso-admin list-*, sts
    get-caller-identity
aws sensitive: * describe-launch-configurations, amplify get-app, amplify list-apps, apprunner describe-service, batch
    describe-job-definitions, cloudformation describe-stacks, cloudformation get-template, codebuild
    batch-get-projects, configure list, dynamodb batch-get-item, dynamodb get-item, dynamodb query, dynamodb scan, ec2
    describe-instance-attribute, ec2 describe-launch-template-versions, ec2 get-console-output, ec2
    get-console-screenshot, ec2 get-launch-template-data, ecs describe-task-definition, ecs describe-tasks,
    elasticbeanstalk describe-configuration-settings, iam get-credential-report, kinesis get-records, lambda
    get-function, lambda get-function-configuration, lambda list-functions, lambda list-versions-by-function, sqs
    receive-message, ssm get-command-invocation, ssm get-parameter, ssm get-parameter-history, ssm get-parameters, ssm
    get-parameters-by-path, ssm list-command-invocations, ssm list-commands
aws write: * add-*, * allocate-*, * assign-*, * associate-*, * attach-*, * authorize-*, * batch-put-*, *
    batch-write-*, * change-*, * copy-*, * create-*, * detach-*, * disable-*, * disassociate-*, * enable-*, *
    export-*, * get-chunk, * get-clip, * get-geospatial-data, * get-images, * get-media, *
    get-media-for-fragment-list, * get-object, * get-object-torrent, * get-package-version-asset, *
    get-raw-message-content, * get-snapshot-block, * get-thing-shadow, * import-*, * invoke-*, * list-sites, *
    modify-*, * publish-*, * put-*, * reboot-*, * register-*, * reset-*, * restore-*, * run-*, * send-*, * set-*, *
    start-*, * stop-*, * tag-*, * transact-*, * untag-*, * update-*, * upload-*, apigateway get-export, apigateway
    get-sdk, apigatewayv2 export-api, glacier get-job-output, s3 cp, s3 mb, s3 mv, s3 sync, s3 website
aws delete: * batch-delete-*, * cancel-*, * delete-*, * deregister-*, * destroy-*, * purge-*, * release-*, * remove-*,
    * revoke-*, * terminate-*, s3 rb, s3 rm
aws dangerous: * get-authorization-token, * get-cluster-credentials, * get-cluster-credentials-with-iam, *
    get-credentials, * get-credentials-for-identity, * get-database-credentials, * get-login, * get-login-password, *
    get-open-id-token, * get-open-id-token-for-developer-identity, * get-relational-database-master-user-password,
    account *, apigateway get-api-key, apigateway get-api-keys, appsync list-api-keys, cloudshell *, configure,
    configure add-model, configure export-credentials, configure get, configure import, configure mfa-login, configure
    set, configure sso, dsql generate-db-connect-admin-auth-token, dsql generate-db-connect-auth-token, ec2
    authorize-security-group-ingress, ec2 get-password-data, ec2-instance-connect *, ecs execute-command, eks
    get-token, eks update-kubeconfig, emr get, emr put, emr socks, emr ssh, gamelift get-compute-auth-token, gamelift
    get-instance-access, gamelift request-upload-credentials, iam *, identitystore *, kms create-grant, kms decrypt,
    kms generate-data-key, kms generate-data-key-pair, kms put-key-policy, kms schedule-key-deletion, lambda
    add-permission, lightsail download-default-key-pair, lightsail get-bucket-access-keys, lightsail
    get-instance-access-details, login, logout, organizations *, rds generate-db-auth-token, redshift-serverless
    get-credentials, s3 presign, s3api delete-public-access-block, s3api put-bucket-acl, s3api put-bucket-policy,
    s3api put-object-acl, s3api put-public-access-block, secretsmanager batch-get-secret-value, secretsmanager
    get-secret-value, secretsmanager put-resource-policy, signer get-signing-profile, ssm send-command, ssm
    start-automation-execution, ssm start-session, sso get-role-credentials, sso login, sso logout, sso-admin *, sts
    assume-role, sts assume-role-with-saml, sts assume-role-with-web-identity, sts assume-root, sts
    get-federation-token, sts get-session-token
"""

REFUSED = """
kubectl: --as, --as-group, --as-uid, --as-user-extra, --certificate-authority, --client-certificate, --client-key,
    --cluster, --insecure-skip-tls-verify, --kubeconfig, --kuberc, --password, --server, --tls-server-name, --token,
    --user, --username, -s
kubectl get: --filename, --kustomize, --output-watch-events, --raw, --recursive, --template, --watch, --watch-only,
    -R, -f, -k, -w
kubectl describe: --filename, --kustomize, --recursive, -R, -f, -k
kubectl logs: --follow, --insecure-skip-tls-verify-backend, -f
kubectl events: --output-watch-events, --watch, --watch-only, -w
kubectl config view: --template
kubectl apply: --raw
helm: --content-cache, --kube-apiserver, --kube-as-group, --kube-as-user, --kube-ca-file,
    --kube-insecure-skip-tls-verify, --kube-tls-server-name, --kube-token, --kubeconfig, --post-renderer,
    --post-renderer-args, --registry-config, --repository-cache, --repository-config
docker: --config, --host, --tls, --tlscacert, --tlscert, --tlskey, --tlsverify, -H
docker logs: --follow, -f
git: --config-env, --exec-path, --git-dir, --paginate, --work-tree, -C, -c, -p
git log: --ext-diff, --output, --textconv, -O
git grep: --open-files-in-pager, -O, -f
git clone: --config, --exec, --receive-pack, --template, --upload-pack, -c, -u
git add: --exec, --receive-pack, --upload-pack
git rebase: --receive-pack, --upload-pack
systemctl: --host, --image, --image-policy, --machine, --root, -H, -M
journalctl: --cursor-file, --directory, --file, --follow, --image, --image-policy, --machine, --root, -D, -M, -f, -i
terraform: -chdir
terraform plan: -backup, -state, -state-out
aws: --ca-bundle, --cli-auto-prompt, --endpoint-url, --follow, --no-sign-request, --no-verify-ssl
ss: --diag, --events, --filter, -D, -E, -F
ip: -b, -batch
du: --exclude-from, --files0-from, -X
free: --count, --seconds, -c, -s
dig: -f, -k, -y
"""

WITH_VALUES = """
kubectl get pods: --context, --log-flush-frequency, --namespace, --request-timeout, --vmodule, -n
helm list: --burst-limit, --color, --colour, --kube-context, --namespace, --qps, -n
docker ps: --context, --log-level, -c, -l
git log: --namespace
aws s3 ls: --cli-binary-format, --cli-connect-timeout, --cli-read-timeout, --color, --max-items, --output,
    --page-size, --profile, --query, --region, --starting-token
ip addr: -f, -family, -n, -netns
"""

RAISING = """
kubectl get pods: sensitive: --v, -v
kubectl get pods: write: --cache-dir, --profile, --profile-output
kubectl config view: dangerous: --flatten, --raw
kubectl cluster-info dump: write: --output-directory
kubectl apply: delete: --prune, --prune-allowlist
kubectl apply: dangerous: --all, --all-namespaces, --force, --force-conflicts, -A
kubectl run: dangerous: --all, --all-namespaces, --attach, --command, --force, --force-conflicts, --override-type,
    --overrides, --privileged, --rm, --stdin, --tty, -A, -i, -t
kubectl drain: delete: --delete-emptydir-data, --delete-local-data, --prune, --prune-allowlist
kubectl drain: dangerous: --all, --all-namespaces, --disable-eviction, --force, --force-conflicts, -A
helm install: dangerous: --ca-file, --cert-file, --disable-openapi-validation, --force, --force-conflicts,
    --force-replace, --insecure-skip-tls-verify, --key-file, --pass-credentials, --password, --plain-http, --set-file,
    --take-ownership, --username
docker ps: sensitive: --format, --no-trunc
docker logs: sensitive: --details
docker start: dangerous: --attach, --interactive, -a, -i
docker restart: dangerous: --output, -o
docker build: dangerous: --allow, --build-context, --secret, --security-opt, --ssh
docker run: dangerous: --cap-add, --cgroup-parent, --cgroupns, --cidfile, --device, --device-cgroup-rule, --env-file,
    --gpus, --group-add, --ipc, --label-file, --log-driver, --log-opt, --mount, --mount-add, --net, --network,
    --oom-kill-disable, --pid, --privileged, --runtime, --security-opt, --sysctl, --use-api-socket, --userns, --uts,
    --volume, --volume-driver, --volumes-from, -v
docker system prune: dangerous: --all, --volumes, -a
docker compose config: write: --lock-image-digests, --output, -o
docker compose up: delete: --remove-orphans, --renew-anon-volumes, -V
docker compose down: dangerous: --all, -a
git log: sensitive: --no-index
git grep: sensitive: --no-index, --untracked
git branch: write: --copy, --create-reflog, --edit-description, --move, --set-upstream-to, --track, --unset-upstream,
    -c, -m, -t, -u
git branch: delete: --delete, -D, -d
git branch: dangerous: --force, -C, -M, -f
git tag: write: --annotate, --file, --message, --sign, -F, -a, -m, -s
git tag: delete: --delete, -d
git tag: dangerous: --force, -f
git rebase: dangerous: --exec, --force, --interactive, -f, -i, -x
git reset: delete: --hard, --keep, --merge
git push: delete: --delete, --prune, -d
git push: dangerous: --force, --force-if-includes, --force-with-lease, --mirror, -f
systemctl start: dangerous: --all, --check-inhibitors, --force, --global, -a, -f, -i
systemctl disable: delete: --now
journalctl: sensitive: --field, -F
journalctl: write: --flush, --relinquish-var, --rotate, --smart-relinquish-var, --sync, --update-catalog
journalctl: dangerous: --force, --interval, --setup-keys, --vacuum-files, --vacuum-size, --vacuum-time, --verify-key
terraform plan: dangerous: -auto-approve, -force, -force-copy
terraform plan: sensitive: -var-file
terraform plan: write: -generate-config-out, -lock, -out
terraform show: sensitive: -json, -raw
terraform apply: delete: -destroy
aws s3 ls: dangerous: --debug, --with-decryption
aws s3 ls: delete: --delete
aws s3 rm: dangerous: --force, --recursive
ss: dangerous: --kill, -K
ip addr: dangerous: -a, -all, -force, -l, -loops, -rc, -rcvbuf
ping: dangerous: -A, -b, -f, -l
"""


def rows(text: str) -> list[list[str]]:
    """Each row of the text, with the lines that continue it, at its colons."""
    return [line.split(": ") for line in text.strip().replace("\n    ", " ").split("\n")]


def said(argv: list[str]) -> str:
    found = TABLES.classify(argv)
    return "refused" if found.refused else found.risk


def call(program: str, verb: str) -> list[str]:
    return [program, *verb.replace("-*", "-x").replace("*", "x").split()]


@pytest.mark.parametrize(("start", "verbs"), rows(VERBS), ids=[start for start, _ in rows(VERBS)])
def test_a_verb_has_its_class(start: str, verbs: str) -> None:
    program, risk = start.split()
    assert {verb: said(call(program, verb)) for verb in verbs.split(", ")} == dict.fromkeys(verbs.split(", "), risk)


def test_no_verb_is_left_out() -> None:
    listed = {(start.split()[0], verb.removesuffix("-*")) for start, verbs in rows(VERBS) for verb in verbs.split(", ")}
    known = {
        (program.name, " ".join(path))
        for program in BUILT_IN
        for path, verb in program.verbs.items()
        if path and not verb.is_group and program.name != "ip"
    }
    assert listed == known


@pytest.mark.parametrize(("start", "names"), rows(REFUSED), ids=[start for start, _ in rows(REFUSED)])
def test_an_option_is_refused(start: str, names: str) -> None:
    program, *verb = start.replace("*", "x").split()
    for name in names.split(", "):
        argv = [program, *verb, name, "x"]
        assert said(argv) == "refused", argv


CHANGES = {
    "kubectl": "delete",
    "helm": "uninstall",
    "docker": "rm",
    "git": "push",
    "systemctl": "stop",
    "terraform": "destroy",
    "aws": "terminate",
    "ip": "flush",
}
"""A verb of each that would raise the call."""


@pytest.mark.parametrize(("start", "names"), rows(WITH_VALUES), ids=[start for start, _ in rows(WITH_VALUES)])
def test_the_value_of_an_option_is_no_verb(start: str, names: str) -> None:
    program, *verb = start.split()
    for name in names.split(", "):
        argv = [program, name, CHANGES[program], *verb]
        assert said(argv) == Risk.READ, argv


@pytest.mark.parametrize(("start", "risk", "names"), rows(RAISING), ids=[start for start, *_ in rows(RAISING)])
def test_an_option_raises(start: str, risk: str, names: str) -> None:
    program, *verb = start.split()
    for name in names.split(", "):
        assert said([program, *verb, name]) == risk, name
