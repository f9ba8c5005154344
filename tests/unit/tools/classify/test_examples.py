"""What each class is for, the built-in table, and the calls behind what people say that must be stopped."""

import pytest

from aof.domain.risk import Risk
from aof.tools.classify import Tables, split

TABLES = Tables.built_in()

READ = """
kubectl --context prod get pods
kubectl get pods
kubectl get nodes -o yaml
kubectl describe pod x
kubectl logs api -n prod --tail=40
kubectl top pods
kubectl explain deployment.spec
kubectl rollout status deploy/api
kubectl -n prod rollout status deploy/api --timeout=60s
kubectl rollout history deploy/api
docker ps
docker images
docker logs --tail 50 web
docker stats --no-stream
docker system df
helm list -A
helm status api
helm get notes api
helm show chart bitnami/nginx
helm search repo nginx
helm history api
terraform plan
terraform show
terraform output
terraform state list
aws ec2 describe-instances
aws iam list-users
aws lambda get-policy --function-name x
aws s3 ls s3://bucket
git status
git log --oneline -5
git diff main..dev
git show HEAD
git branch
git branch -a
journalctl -u nginx -n 50
systemctl status nginx
systemctl list-units --failed
ss -tlnp
ip addr
df -h
du -sh /var/log
free -m
uptime
ps aux
"""

SENSITIVE = """
kubectl get secret x
kubectl describe secret x
kubectl get configmaps
kubectl get pods,secrets
kubectl get secrets.v1.
kubectl get secret/x
kubectl get pods/a secret/b
kubectl get pods -o yaml
kubectl get deploy api -o json
kubectl config view
docker inspect x
docker container inspect x
systemctl show nginx
systemctl cat nginx
helm get values api
ps axe
git diff --no-index /etc/x /dev/null
dig example.com
"""

WRITE = """
kubectl apply -f x.yaml
kubectl create namespace x
kubectl patch deploy api -p {}
kubectl edit deploy api
kubectl replace -f x.yaml
kubectl set image deploy/api api=api:2
kubectl scale deploy api --replicas=3
kubectl rollout restart deploy/api
kubectl rollout undo deploy/api
kubectl rollout -n status restart deploy/x
kubectl cordon node-3
kubectl drain node-3
kubectl taint nodes node-3 a=b:NoSchedule
kubectl label pod x a=b
kubectl annotate pod x a=b
kubectl expose deploy api --port=80
docker build .
docker pull nginx
docker push me/nginx
docker run nginx
docker run --rm alpine
docker start web
docker restart web
docker tag a b
helm install api ./chart
helm upgrade api ./chart
helm rollback api 2
terraform apply
terraform import a b
aws ec2 create-tags --resources i-1
aws ec2 stop-instances --instance-ids i-1
aws ec2 start-instances --instance-ids i-1
aws ec2 run-instances --image-id ami-1
aws rds modify-db-instance --db-instance-identifier x
aws s3 cp a s3://b/a
aws s3 mv s3://b/a s3://b/c
aws s3 sync a s3://b
git commit -m x
git push
git merge dev
git rebase main
git checkout main
git revert HEAD
git --namespace log push origin
systemctl restart nginx
kubectl frobnicate x
"""

DELETE = """
kubectl --cache-dir get delete pod x
kubectl -n prod delete pod x
kubectl -nprod delete pod x
kubectl delete pod -l app=api
kubectl delete pod api-1
docker compose -p ps down
docker system prune -f
docker network prune -f
docker kill web
docker rm web
docker rmi nginx
docker stop web
helm uninstall api
helm delete api
terraform destroy
terraform state rm a
aws rds delete-db-instance --db x
aws elasticache delete-cache-cluster --cache-cluster-id x
aws ec2 terminate-instances --instance-ids i-1
aws s3 rm s3://b/a
git reset --hard
git branch -D dev
systemctl stop nginx
"""

DANGEROUS = """
kubectl exec api -- rm /data/x
kubectl cp a:/x x
kubectl attach api
kubectl port-forward api 8080
kubectl debug node/x
kubectl config view --raw
kubectl -n kube-system rollout restart deploy/coredns
kubectl delete pods --all
kubectl delete pods -A
docker exec web sh
docker run --privileged alpine
terraform apply -auto-approve
aws iam create-user --user-name x
aws iam attach-user-policy --user-name x
git push --force
git push -f origin main
ss -K
journalctl --vacuum-size=1
redis-cli FLUSHALL
redis-cli FLUSHDB
frobnicate --now
"""

REFUSED = """
kubectl get --raw /api
kubectl get -f x.yaml
kubectl get pods -o go-template-file=/etc/shadow
kubectl get pods -o jsonpath-file=/etc/shadow
kubectl get pods -o jsonpath={.items}
kubectl get pods -w
kubectl get pods --watch
kubectl logs -f api
kubectl --kubeconfig=/x get pods
kubectl --kubeconfig /x get pods
kubectl --server https://x get pods
kubectl -s https://x get pods
kubectl --as root get pods
kubectl --token x get pods
docker -H tcp://x ps
docker logs -f web
git -c core.pager=id log
journalctl -fu nginx
journalctl -f
helm upgrade api ./chart --post-renderer x
/usr/bin/kubectl get pods
./kubectl get pods
sh -c id
bash
python3 -c x
python3.11 x.py
env kubectl get pods
xargs kubectl
find / -delete
awk x
sudo kubectl get pods
nohup kubectl get pods
ssh root@x id
watch kubectl get pods
timeout 5 kubectl get pods
"""

ROWS = [
    (risk, line)
    for risk, lines in (
        (Risk.READ, READ),
        (Risk.SENSITIVE, SENSITIVE),
        (Risk.WRITE, WRITE),
        (Risk.DELETE, DELETE),
        (Risk.DANGEROUS, DANGEROUS),
    )
    for line in lines.split("\n")
    if line
]


@pytest.mark.parametrize(("risk", "line"), ROWS, ids=[line for _, line in ROWS])
def test_a_call_has_its_class(risk: Risk, line: str) -> None:
    found = TABLES.classify(split(line))
    assert (found.risk, found.refused) == (risk, "")
    assert found.why


@pytest.mark.parametrize("line", [line for line in REFUSED.split("\n") if line])
def test_a_call_never_runs(line: str) -> None:
    found = TABLES.classify(split(line))
    assert found.refused
    assert not found.refused.endswith(".")
    assert found.why


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("kubectl rollout restart deploy/api", "rollout restart"),
        ("kubectl frobnicate x", "not recognised"),
        ("kubectl get pods --frobnicate", "option --frobnicate is not in the table"),
        ("kubectl get secret x", "secret"),
        ("kubectl -n kube-system delete pod x", "namespace kube-system"),
        ("kubectl delete pods --all", "all of them"),
        ("aws ec2 stop-instances --instance-ids i-1", "ec2 stop-instances"),
        ("redis-cli FLUSHALL", "a program without a table"),
        ("ss -K", "closes connections"),
        ("ss -t", "ss"),
    ],
)
def test_the_card_says_by_what_it_is_told(line: str, why: str) -> None:
    assert TABLES.classify(split(line)).why == why


def test_tabs_and_new_lines_are_blanks() -> None:
    assert split("kubectl\tdelete\tpod x") == split("kubectl\ndelete  pod\n x") == ("kubectl", "delete", "pod", "x")
    assert TABLES.classify(split("kubectl\tdelete\tpod x")).risk is Risk.DELETE


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        ([], "there is no command"),
        ([""], "there is no command"),
        ([" "], "there is no command"),
        (["kubectl", "get", "po\x00ds"], "the command holds the control character U+0000: leave it out"),
        (["kubectl", "get", "pods\n"], "the command holds the control character U+000A: leave it out"),
        (["kubectl", "get", "\ud800"], "the command holds the control character U+D800: leave it out"),
        (["kubectl", "get", "\u2028"], "the command holds the control character U+2028: leave it out"),
        (["/bin/kubectl"], "a program is named without its path"),
        (["..\\kubectl"], "a program is named without its path"),
        (["SUDO", "id"], "SUDO starts other programs: name the program itself"),
        (["kubectl", "get", "--raw", "/"], "--raw: it asks any address of the server; name the objects"),
        (["kubectl", "get", "x", "-oname2"], "-o takes only json, yaml, wide or name"),
    ],
)
def test_a_refusal_says_why(argv: list[str], sentence: str) -> None:
    assert TABLES.classify(argv).refused == sentence


def test_a_table_is_known_by_its_program() -> None:
    assert TABLES.knows("kubectl")
    assert not TABLES.knows("redis-cli")
    assert not TABLES.knows("curl")
    assert not TABLES.knows("Kubectl")
