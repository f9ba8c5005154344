import pytest

from aof.tools.programs.follow_ups import FollowUps, follow_ups

AT = "kubectl --context prod -n web"


def of(command: str, front: str = AT) -> FollowUps:
    return follow_ups(tuple(f"{front} {command}".split()), tuple(front.split()))


def words(argv: tuple[str, ...]) -> str:
    return " ".join(argv)


@pytest.mark.parametrize(
    ("command", "undo", "dry_run", "check"),
    [
        ("rollout restart deploy/api", "rollout undo deploy/api", "", "rollout status deploy/api --timeout=60s"),
        ("rollout restart deploy api", "rollout undo deploy api", "", "rollout status deploy api --timeout=60s"),
        ("rollout undo deploy/api", "rollout undo deploy/api", "rollout undo deploy/api --dry-run=server",
         "rollout status deploy/api --timeout=60s"),
        ("set image deploy/api app=v2", "rollout undo deploy/api", "set image deploy/api app=v2 --dry-run=server",
         "rollout status deploy/api --timeout=60s"),
        ("scale deploy/api --replicas=3", "", "scale deploy/api --replicas=3 --dry-run=server", "get deploy/api"),
        ("cordon node-3", "uncordon node-3", "cordon node-3 --dry-run=server", "get node node-3"),
        ("uncordon node-3", "cordon node-3", "uncordon node-3 --dry-run=server", "get node node-3"),
        ("drain node-3", "uncordon node-3", "drain node-3 --dry-run=server", "get node node-3"),
        ("delete pod x", "", "delete pod x --dry-run=server", "get pod x"),
        ("delete pod x --dry-run=server", "", "", "get pod x"),
        ("apply -f x.yaml", "", "apply -f x.yaml --dry-run=server", ""),
        ("label pod x tier=db old-", "", "label pod x tier=db old- --dry-run=server", "get pod x"),
        ("rollout restart deploy -l app=x", "", "", ""),
        ("rollout restart deploy", "", "", ""),
        ("drain -l zone=a", "", "drain -l zone=a --dry-run=server", ""),
        ("delete pod -l app=x", "", "delete pod -l app=x --dry-run=server", ""),
        ("rollout restart --foo bar deploy/api", "", "", ""),
        ("delete --force pod x", "", "delete --force pod x --dry-run=server", ""),
        ("exec x -- ls", "", "", ""),
        ("delete pod x -- y", "", "delete pod x --dry-run=server -- y", "get pod x"),
    ],
)  # fmt: skip
def test_a_change_by_kubectl_comes_with_what_is_known(command: str, undo: str, dry_run: str, check: str) -> None:
    found = of(command)
    assert [words(found.undo), words(found.dry_run), words(found.check)] == [
        f"{AT} {expected}" if expected else "" for expected in (undo, dry_run, check)
    ]


@pytest.mark.parametrize(
    ("front", "command", "undo", "dry_run", "check"),
    [
        ("helm -n web", "upgrade api ./chart", "rollback api", "upgrade api ./chart --dry-run", "status api"),
        ("helm -n web", "install api ./chart", "uninstall api", "install api ./chart --dry-run", "status api"),
        ("helm -n web", "rollback api 3", "rollback api", "rollback api 3 --dry-run", "status api"),
        ("helm -n web", "delete api", "", "delete api --dry-run", "status api"),
        ("helm -n web", "upgrade -f x.yaml api ./chart", "", "", ""),
        ("systemctl", "restart nginx", "", "", "status --no-pager nginx"),
        ("systemctl", "stop nginx", "start nginx", "", "status --no-pager nginx"),
        ("systemctl", "disable --now nginx", "", "", "status --no-pager nginx"),
        ("systemctl", "daemon-reload", "", "", ""),
        ("docker", "stop web", "start web", "", "ps --all --filter name=web"),
        ("docker", "container rm web", "", "", "ps --all --filter name=web"),
        ("docker", "system prune -f", "", "", ""),
        ("terraform", "apply", "", "plan", "plan"),
        ("terraform", "apply -auto-approve -var x=1", "", "plan -var x=1", "plan"),
        ("terraform", "destroy -auto-approve", "", "plan -destroy", "plan -destroy"),
        ("terraform", "apply out.plan", "", "show -no-color out.plan", ""),
        ("git", "push origin main", "", "push origin main --dry-run", "status --branch --short"),
        ("aws", "ec2 stop-instances --instance-ids i-1", "", "", ""),
    ],
)
def test_a_change_by_another_program_does_too(front: str, command: str, undo: str, dry_run: str, check: str) -> None:
    found = of(command, front)
    assert [words(found.undo), words(found.dry_run), words(found.check)] == [
        f"{front} {expected}" if expected else "" for expected in (undo, dry_run, check)
    ]
