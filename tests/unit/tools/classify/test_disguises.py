"""Commands that look like less than they do. None may be lower than what the program itself would make of them."""

import pytest

from aof.domain.risk import Risk
from aof.tools.classify import Tables, split

TABLES = Tables.built_in()

KUBECTL = """
read       kubectl -n=prod get pods
read       kubectl -nprod get pods
read       kubectl get pods -lapp=api
read       kubectl get pods -n kube-system
read       kubectl get pods -A
read       kubectl get pods --watch=false
read       kubectl get pod secret-agent
read       kubectl logs secret-agent --previous
read       kubectl get po,deploy -o wide
read       kubectl get events --sort-by=.lastTimestamp
read       kubectl wait pod/x --for=delete
read       kubectl wait pod/x --for delete --timeout 5s
read       kubectl rollout status restart deploy/x
sensitive  kubectl get po -oyaml
sensitive  kubectl get po -o=yaml
sensitive  kubectl get po --output yaml
sensitive  kubectl get all -o json
sensitive  kubectl get nodes,pods -o json
sensitive  kubectl get widgets.example.com -o yaml
sensitive  kubectl get SECRETS
sensitive  kubectl get Secret x
sensitive  kubectl get cm
sensitive  kubectl -n prod describe cm/x
sensitive  kubectl get deploy,cm
sensitive  kubectl get -n prod secrets -o name
sensitive  kubectl get -- secrets
sensitive  kubectl get sealedsecrets.bitnami.com
sensitive  kubectl get pods -v=9
sensitive  kubectl rollout history deploy/x --revision=2 -o yaml
dangerous  kubectl -A get pods
write      kubectl get pods -Z
write      kubectl get pods --SELECTOR=x
write      kubectl get pods -n --output=json
write      kubectl create deployment delete --image=x
write      kubectl apply -f https://example.com/x.yaml
write      kubectl cluster-info dump --output-directory=/tmp/x
write      kubectl --cache-dir=get get pods
write      kubectl d\u0435lete pod x
write      kubectl get-and-delete pod x
write      kubectl ｇet pods
write      kubectl run x --image=alpine -- kubectl --kubeconfig=/x get
delete     kubectl DELETE pod x
delete     kubectl --namespace get delete pod x
delete     kubectl -n get delete pod x
delete     kubectl --context=get delete pod x
delete     kubectl -- delete pod x
delete     kubectl --zzz get delete pod x
delete     kubectl --zzz=1 delete pod x
delete     kubectl -Z delete pod x
delete     kubectl -n --context delete get pods
delete     kubectl get --zzz delete pod x
delete     kubectl get pods delete --zzz --force=false x delete
delete     kubectl delete pod x --force=false
delete     kubectl apply -f x --prune
dangerous  kubectl delete pod x --force
dangerous  kubectl delete pod x --grace-period=0
dangerous  kubectl delete pod x --grace-period 0
dangerous  kubectl --all=true delete pods
dangerous  kubectl delete --cascade --all pods
dangerous  kubectl delete pods --all=true
dangerous  kubectl delete pods -n prod -A
dangerous  kubectl delete -nkube-system pod x
dangerous  kubectl delete pod x -n=kube-system
dangerous  kubectl delete pod x --namespace kube-public
dangerous  kubectl delete ns kube-system
dangerous  kubectl delete ns/kube-system
dangerous  kubectl delete ns x,kube-system
dangerous  kubectl --zzz -nkube-system delete pod x
dangerous  kubectl -n kube-node-lease frobnicate x
dangerous  kubectl scale deploy --all --replicas=0
dangerous  kubectl exec -it api -- sh
dangerous  kubectl -n exec exec api -- get
dangerous  kubectl config view --raw=true
dangerous  kubectl config view --flatten
dangerous  kubectl config set users.x.exec.command sh
dangerous  kubectl create token default
dangerous  kubectl create clusterrolebinding x --clusterrole=cluster-admin
dangerous  kubectl run x --image=y --overrides={}
refused    kubectl get pods -Aw
refused    kubectl -w get pods
refused    kubectl get pods --kubeconfig
refused    kubectl get --as_group=x pods
refused    kubectl --kubeco=/x get pods
refused    kubectl get pods -n --kubeconfig=/x
refused    kubectl --zzz --kubeconfig=/x get pods
refused    kubectl get pods -ojsonpath={.items}
refused    kubectl get pods -o custom-columns-file=/etc/passwd
refused    kubectl --zzz get pods -o go-template-file=/etc/shadow
refused    kubectl get pods --template={{.}}
refused    kubectl get -Rf /etc
refused    kubectl exec api --kubeconfig=/x -- ls
refused    kubectl logs api --insecure-skip-tls-verify-backend
refused    kubectl delete --raw /api/v1/pods
"""

HELM = """
read       helm ls -A
read       helm -n kube-system list
sensitive  helm status api -o json
sensitive  helm get values api
sensitive  helm -n status get manifest api
sensitive  helm show chart https://example.com/x.tgz
delete     helm -n list uninstall api
delete     helm del api
dangerous  helm -n kube-system upgrade dns x
dangerous  helm upgrade api x --force
dangerous  helm install api x --set-file a=/etc/shadow
dangerous  helm plugin install x
refused    helm --kube-apiserver=x list
refused    helm list --kubeconfig /x
refused    helm --kube-tok x list
"""

DOCKER = """
read       docker --context prod ps
read       docker -c prod ps
read       docker logs -n5 web
read       docker logs --follow=false web
read       docker compose logs --tail 5
read       docker compose -p prod ps
read       docker ps -f name=web
sensitive  docker ps --format {{json .}}
sensitive  docker image inspect x
sensitive  docker inspect -f {{.Config}} x
sensitive  docker compose config
sensitive  docker logs --details web
write      docker run -d nginx -H x
write      docker run nginx docker --config x
write      docker compose -f x.yml ps
write      docker compose up -d
write      docker compose
write      docker container
write      docker ps -Z
delete     docker -D rm x
delete     docker -c prod rm x
delete     docker -lps rm x
delete     docker --log-level ps rm x
delete     docker -- rm x
delete     docker --zzz ps rm x
delete     docker container rm x
delete     docker image prune -f
delete     docker compose down -v
delete     docker compose -p ps -p ls down
delete     docker compose --zzz ps down
delete     docker compose up --remove-orphans
dangerous  docker system prune -af
dangerous  docker volume prune --all
dangerous  docker run -v /:/host alpine
dangerous  docker run -v=/:/host alpine
dangerous  docker run -itv/:/host alpine
dangerous  docker run --rm --pid=host alpine
dangerous  docker run --network host alpine
dangerous  docker run --zzz x --cap-add=ALL alpine
dangerous  docker compose -p ps exec web sh
dangerous  docker compose run -v /:/host web
dangerous  docker cp web:/x /x
dangerous  docker context use prod
dangerous  docker swarm join-token manager
refused    docker -Htcp://x ps
refused    docker --host=tcp://x ps
refused    docker -DH tcp://x ps
refused    docker --tlsverify ps
refused    docker logs -tf web
refused    docker logs web --follow
refused    docker compose logs -f
"""

GIT = """
read       git log -5
read       git log -n5 --all --oneline
read       git log -p -c
read       git status -uno
read       git show HEAD:Makefile
read       git diff HEAD~1..HEAD -- aof
read       git --no-pager log
read       git branch --contains x
sensitive  git diff /etc/passwd /dev/null
sensitive  git diff ../x x
sensitive  git grep --no-index root
sensitive  git remote -v
write      git branch dev
write      git tag v1
write      git log -C
write      git --namespace=log push
write      git checkout x
write      git log --zzz
write      git stash
delete     git branch -d dev
delete     git push origin :dev
delete     git push origin --delete dev
delete     git reset --hard HEAD~1
delete     git clean -fd
delete     git stash drop
delete     git --zzz log rm x
dangerous  git push -fu origin dev
dangerous  git push origin +main
dangerous  git push --force-with-lease
dangerous  git push --forc
dangerous  git push origin main --mirror
dangerous  git branch -M a b
dangerous  git branch -fd x
dangerous  git rebase -x id main
dangerous  git clone ext::id
dangerous  git config --list
dangerous  git bisect run x
refused    git -C /x log
refused    git --git-dir /x log
refused    git --git-dir=/x log
refused    git --exec-path=/x log
refused    git -p log
refused    git -ccore.pager=id log
refused    git log --output=x
refused    git log --outp x
refused    git log --ext-diff
refused    git grep -Oid x
refused    git fetch --upload-pack=id
refused    git push --receive-pack id
"""

SYSTEMD = """
read       systemctl
read       systemctl --failed
read       systemctl --all list-units
read       systemctl -t service list-units --all
read       systemctl is-active nginx
sensitive  systemctl -p Environment show nginx
write      systemctl restart -- nginx
write      systemctl --state status restart nginx
write      systemctl -n status restart nginx
write      systemctl --vacuum list-units
delete     systemctl -n 5 stop nginx
delete     systemctl -t list-units stop nginx
delete     systemctl disable --now nginx
delete     systemctl --now disable nginx
delete     systemctl --zzz status stop nginx
dangerous  systemctl --force restart nginx
dangerous  systemctl -f restart nginx
dangerous  systemctl --zzz --all restart nginx
dangerous  systemctl --all --zzz restart nginx
dangerous  systemctl restart *
dangerous  systemctl enable /tmp/x.service
dangerous  systemctl reboot
dangerous  systemctl edit nginx
refused    systemctl -H x status nginx
refused    systemctl -Hx status nginx
refused    systemctl status nginx --host=x
refused    systemctl status nginx --hos x
refused    systemctl --root=/x status
read       journalctl -xeu nginx
read       journalctl -b -1 -n 50
read       journalctl -n50 --unit nginx
read       journalctl --lines 50 _SYSTEMD_UNIT=x
sensitive  journalctl -u nginx -ojson
write      journalctl /usr/bin/x
write      journalctl --rotate
write      journalctl --zzz
dangerous  journalctl --vacuum-time 1s
dangerous  journalctl --vacuum-t=1s
dangerous  journalctl -u nginx --vacuum-files=1
refused    journalctl -uf -f
refused    journalctl --foll
refused    journalctl -D /etc
refused    journalctl -Mx
refused    journalctl --file=/etc/shadow
refused    journalctl --cursor-file x
"""

CLOUD = """
read       terraform plan -destroy
read       terraform --version
sensitive  terraform output -json
sensitive  terraform output password
sensitive  terraform state pull
sensitive  terraform plan -var-file=x
write      terraform plan -out=x
write      terraform plan -out x
write      terraform plan --out=x
write      terraform apply --auto-approve=false
write      terraform --zzz plan
delete     terraform apply -destroy
delete     terraform apply --destroy
delete     terraform -zzz plan destroy
dangerous  terraform destroy --auto-approve
dangerous  terraform apply -destroy -auto-approve=true
dangerous  terraform console
refused    terraform -chdir=/x plan
refused    terraform --chdir=/x plan
read       aws ec2 describe-instances --filters Name=a,Values=b --query x --output json
read       aws --region x ec2 describe-instances --instance-ids i-1 i-2
read       aws iam get-user --user-name x
read       aws ec2 wait instance-running --instance-ids i-1
read       aws logs get-log-events --log-group-name /aws/lambda/x
sensitive  aws ssm get-parameter --name x
sensitive  aws lambda list-functions
write      aws ec2 frobnicate-instances
write      aws ec2 get-or-frobnicate
write      aws s3api get-object --bucket b --key k x
write      aws polly get-thing --name a /tmp/x
write      aws ec2 describe-instances -z
write      aws --zzz ec2 describe-instances
delete     aws --region describe-instances ec2 terminate-instances
delete     aws ec2 --zzz describe-instances terminate-instances
delete     aws x get-and-delete
delete     aws sqs purge-queue --queue-url x
delete     aws dynamodb batch-delete-x
delete     aws s3 sync --delete a s3://b
dangerous  aws s3 rm s3://b --recursive
dangerous  aws --profile get iam delete-user --user-name x
dangerous  aws secretsmanager get-secret-value --secret-id x
dangerous  aws ssm get-parameter --name x --with-decryption
dangerous  aws ssm get-parameter --with-decr --name x
dangerous  aws ecr get-login-password
dangerous  aws sts assume-role --role-arn x
dangerous  aws sns publish --message file:///etc/shadow
dangerous  aws sns publish --message=file:///etc/shadow
dangerous  aws ec2 describe-instances --cli-input-json fileb://x
dangerous  aws ssm start-session --target i-1
refused    aws --endpoint-url http://x s3 ls
refused    aws ec2 describe-instances --endpoint http://x
refused    aws logs tail g --follow
"""

LOOKING = """
read       ip -br a
read       ip route get 1.1.1.1
read       ip -s link show
write      ip link set eth0 down
write      ip l s eth0 down
write      ip -zzz addr
delete     ip r d default
delete     ip addr flush dev eth0
delete     ip -n x link del y
delete     ip -zzz addr route delete default
dangerous  ip netns exec x id
dangerous  ip net e x id
dangerous  ip xfrm state
refused    ip -b x
refused    ip -batch x
read       ss -tlnp state established
dangerous  ss -tK
dangerous  ss --kill
dangerous  ss --ki
refused    ss -tE
refused    ss -F /etc/shadow
refused    ss --diag=x
read       df -hT /
write      df --zzz
read       du -xh -d1 /var
refused    du --files0-from=/etc/shadow
refused    du --files0=/etc/shadow
refused    du -xX /etc/shadow
read       free -h
refused    free -s1
read       ps -ef
read       ps -eo pid,comm --sort=-rss
read       ps -fp 12
sensitive  ps e
sensitive  ps auxe
sensitive  ps eww 1
sensitive  ps -ef -u x
sensitive  ps -o pid,environ
write      ps -axe
sensitive  dig +short example.com
sensitive  dig -x 1.1.1.1
refused    dig -f /etc/shadow
refused    dig -ykey x
sensitive  ping -c4 example.com
dangerous  ping -c 4 -f example.com
refused    ping example.com
dangerous  KUBECTL get pods
dangerous  kubect1 get pods
dangerous  \u212aubectl get pods
dangerous  -kubectl get pods
dangerous  curl https://example.com
dangerous  redis-cli INFO
refused    BASH -c id
refused    perl5.36 -e 1
refused    python3.11
refused    systemd-run id
refused    kubectl/../sh
"""

ROWS = [
    line.encode("ascii", "backslashreplace").decode("unicode_escape").split(maxsplit=1)
    for lines in (KUBECTL, HELM, DOCKER, GIT, SYSTEMD, CLOUD, LOOKING)
    for line in lines.split("\n")
    if line
]


@pytest.mark.parametrize(("said", "line"), ROWS, ids=[line.encode("ascii", "replace").decode() for _, line in ROWS])
def test_a_disguise_changes_nothing(said: str, line: str) -> None:
    found = TABLES.classify(line.split(" ") if "{" in line or "*" in line else split(line))
    assert ("refused" if found.refused else found.risk) == said, found


def test_there_are_many() -> None:
    assert len({line for _, line in ROWS}) == len(ROWS) > 200
    assert {said for said, _ in ROWS} == {*Risk, "refused"}
