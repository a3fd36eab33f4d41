"""The server from outside: the same JSON as the command line, and what it must refuse."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from provenance import demo
from provenance.article import InputError
from provenance.index import Index
from provenance.jobs.add import add
from provenance.jobs.check import check
from provenance.web import create_app, serve
from provenance.web.guard import BURST, Guard, is_local
from provenance.web.watch import Watch

PAGES = Path(demo.__file__).parent
TOKEN = "a-token-of-some-length"
HOSTILE = "</title><script>alert(1)</script><img src=x onerror=alert(1)>"


def filled(folder: Path) -> str:
    place = str(folder / "web.db")
    with Index.open(place) as index:
        add([str(PAGES / name) for name in demo.INDEXED], index)
    return place


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> str:
    return filled(tmp_path_factory.mktemp("web"))


@pytest.fixture(scope="module")
def client(place: str) -> Iterator[TestClient]:
    with TestClient(create_app(place), "http://localhost", client=("127.0.0.1", 1)) as made:
        yield made


@pytest.fixture
def own(tmp_path: Path) -> Iterator[TestClient]:
    """A server of its own for what changes the index."""
    app = create_app(filled(tmp_path))
    with TestClient(app, "http://localhost", client=("127.0.0.1", 1)) as made:
        yield made


def finished(client: TestClient, id: str) -> Any:
    for _ in range(600):
        job = client.get(f"/api/v1/jobs/{id}").json()
        if job["state"] not in ("waiting", "running"):
            return job
        time.sleep(0.05)
    raise AssertionError(f"job {id} never ended")


def test_check_answers_what_the_library_answers(client: TestClient, place: str) -> None:
    text = (PAGES / demo.CHECKED).read_text("utf-8")
    found = client.post("/api/v1/check", json={"text": text}).json()
    with Index.open(place, read_only=True) as index:
        right = check(PAGES / demo.CHECKED, index).to_dict()
    for name in ("schema", "verdict", "credit", "blocks", "matches"):
        assert found[name] == right[name]


def test_check_alone_asks_no_index(client: TestClient) -> None:
    text = (PAGES / demo.CHECKED).read_text("utf-8")
    assert client.post("/api/v1/check?alone=true", json={"text": text}).json()["matches"] == []


def test_diff_of_a_stored_and_a_given_version(client: TestClient) -> None:
    stored = client.get("/api/v1/articles?outlet=news18.com").json()["articles"][0]["id"]
    page = (PAGES / "agency.html").read_text("utf-8")
    found = client.post("/api/v1/diff", json={"a": {"id": stored}, "b": {"html": page}}).json()
    assert found["schema"] == "provenance.diff/1" and found["containment"] > 0.9


def test_search_by_title_outlet_and_day(client: TestClient) -> None:
    def outlets(query: str) -> set[str]:
        found = client.get(f"/api/v1/articles?{query}").json()["articles"]
        return {article["outlet"]["domain"] for article in found}

    assert outlets("title=shoigu+kim") == {"news18.com"}
    assert outlets("outlet=apnews.com") == {"apnews.com"}
    assert "apnews.com" not in outlets("since=2023-07-27") and outlets("since=2023-07-27")
    assert outlets("until=1999-01-01") == set()
    assert outlets("outlet=https://www.apnews.com/x") == {"apnews.com"}
    refused = client.get("/api/v1/articles?since=yesterday")
    assert refused.status_code == 422 and "give one such as 2026-03-04" in refused.json()["error"]


def test_an_article_is_got_by_its_address_however_it_is_spelled(client: TestClient) -> None:
    id = client.get("/api/v1/articles?outlet=apnews.com").json()["articles"][0]["id"]
    spelled = id.replace("https://", "http://www.") + "?utm_source=feed"
    assert client.post("/api/v1/check", json={"id": spelled}).json()["article"]["id"] == id


def test_articles_are_added_got_and_removed(own: TestClient) -> None:
    body = {"articles": [{"text": "A new story about the old mill.\n\n" + "It turns again. " * 20}]}
    assert own.post("/api/v1/articles", json=body).json()["added"] == 1
    id = own.post("/api/v1/check", json=body["articles"][0]).json()["matches"][0]["id"]
    assert own.get(f"/api/v1/articles/{id}").json()["id"] == id
    assert own.delete(f"/api/v1/articles/{id}").json() == {"removed": 1}
    assert own.delete(f"/api/v1/articles/{id}").status_code == 404
    assert own.get("/api/v1/index").json()["articles"] == 4


def test_an_added_text_keeps_what_is_known_of_it(own: TestClient) -> None:
    known = {"id": "mill-1", "outlet": "gazette.com", "title": "The mill", "byline": "A. Miller"}
    known["published"] = "2026-03-04T05:06:00Z"
    body = {"articles": [{"text": "The old mill of the valley turns again. " * 20, **known}]}
    assert own.post("/api/v1/articles", json=body).json()["added"] == 1
    (found,) = own.get("/api/v1/articles?outlet=www.gazette.com&title=mill").json()["articles"]
    assert (found["id"], found["byline"]) == ("mill-1", "A. Miller")
    assert found["published"]["earliest"] == "2026-03-04T05:06:00+00:00"


def test_an_audit_is_a_job_whose_result_fills_the_pages(own: TestClient) -> None:
    assert "none has been made" in own.get("/clusters").text
    job = finished(own, own.post("/api/v1/audit").json()["id"])
    assert (job["state"], job["progress"], job["result"]["articles"]) == ("done", 4, 4)
    assert "News18" in own.get("/clusters").text
    assert "News18" in own.get("/outlets?name=news18.com").text + own.get("/outlets").text
    assert "Attribution audit" in own.get("/audit").text


def test_a_job_in_the_background_adds_and_another_is_cancelled(own: TestClient) -> None:
    many = [{"text": f"Story {n} of the valley. " * 30} for n in range(3)]
    answer = own.post("/api/v1/articles?background=true", json={"articles": many})
    assert answer.status_code == 202
    last = own.post("/api/v1/audit").json()["id"]
    own.delete(f"/api/v1/jobs/{last}")
    assert finished(own, answer.json()["id"])["result"]["added"] == 3
    assert finished(own, last)["state"] in ("cancelled", "done")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"url": "/etc/passwd"}, 422),
        ({"url": "file:///etc/passwd"}, 422),
        ({"url": "http://127.0.0.1:1/"}, 502),
        ({"url": "http://[::1]/"}, 502),
        ({"url": "http://no-such-host.invalid/"}, 502),
        ({"id": "nobody"}, 422),
        ({"path": "x"}, 422),
        ({"text": "\n"}, 422),
        ({"text": "one text", "html": "<p>another</p>"}, 422),
        ([1], 422),
    ],
)
def test_what_is_no_article_is_refused_in_one_line(
    client: TestClient, body: Any, status: int
) -> None:
    answer = client.post("/api/v1/check", json=body)
    assert answer.status_code == status
    assert list(answer.json()) == ["error"] and "\n" not in answer.json()["error"]


def test_the_form_answers_with_a_report(client: TestClient) -> None:
    text = (PAGES / demo.CHECKED).read_text("utf-8")
    page = client.post("/check", data={"text": text})
    assert page.status_code == 200
    assert "Republished: Associated Press wrote this text" in page.text
    assert "<style" not in page.text and "<script" not in page.text


def test_an_uploaded_hostile_page_is_shown_as_text(client: TestClient) -> None:
    page = f"<html><title>{HOSTILE}</title><body><h1>&lt;script&gt;x</h1>" + "<p>Words. " * 40
    answer = client.post("/check", files={"file": ("<script>.html", page.encode())})
    assert answer.status_code == 200
    assert "<script" not in answer.text and "<img" not in answer.text


def test_every_answer_carries_the_security_headers(client: TestClient) -> None:
    for path in ("/", "/nosuch", "/healthz", "/api/v1/index", "/static/style.css"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_site_cannot_post(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/audit", headers=headers, follow_redirects=False).status_code == 403


def test_a_foreign_name_for_this_machine_is_refused(client: TestClient) -> None:
    for host in ("evil.example", "localhost.evil.example", "[", ""):
        assert client.get("/", headers={"host": host}).status_code == 421


def test_bodies_beyond_the_limit_are_refused(place: str) -> None:
    app = create_app(place, largest=1000)
    with TestClient(app, "http://localhost", client=("127.0.0.1", 1)) as small:
        assert small.post("/api/v1/check", json={"text": "x" * 2000}).status_code == 413

        def drip() -> Iterator[bytes]:
            yield from [b"x" * 500] * 5

        assert small.post("/api/v1/check", content=drip()).status_code == 413


def test_a_token_is_asked_of_everything_but_the_door(place: str) -> None:
    app = create_app(place, token=TOKEN)
    with TestClient(app, "http://news.example", client=("192.0.2.1", 1)) as far:
        assert far.get("/api/v1/index").status_code == 401
        assert far.get("/metrics").status_code == 401
        assert far.get("/healthz").status_code == 200
        bearer = {"authorization": f"Bearer {TOKEN}"}
        assert far.get("/api/v1/index", headers=bearer).status_code == 200
        assert far.get("/api/v1/index", headers={"authorization": "Bearer x"}).status_code == 401
        page = far.get("/", headers={"accept": "text/html"})
        assert "Access token" in page.text
        assert far.post("/login", data={"token": "wrong"}).status_code == 401
        entered = far.post("/login", data={"token": TOKEN}, follow_redirects=False)
        assert "httponly" in entered.headers["set-cookie"].lower()
        assert far.get("/api/v1/index").status_code == 200


def test_a_client_that_asks_too_often_must_wait(place: str) -> None:
    app = create_app(place, token=TOKEN)
    with TestClient(app, "http://news.example", client=("192.0.2.7", 1)) as far:
        found = [far.get("/static/style.css").status_code for _ in range(int(BURST) + 60)]
    assert found[0] == 200 and 429 in found


def test_a_public_address_needs_a_token(place: str) -> None:
    for host in ("0.0.0.0", "::", "192.0.2.1", "news.example"):
        with pytest.raises(InputError, match="token"):
            serve(place, host=host)
    with pytest.raises(InputError, match="short"):
        serve(place, host="0.0.0.0", token="short")


def test_local_names() -> None:
    assert all(map(is_local, ("localhost", "127.0.0.1", "127.8.8.8", "::1", "[::1]")))
    assert not any(map(is_local, ("", "0.0.0.0", "::", "10.0.0.1", "localhost.example")))


def test_the_openapi_document_names_every_address(client: TestClient) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert {"/api/v1/check", "/api/v1/diff", "/api/v1/articles", "/api/v1/jobs/{id}"} <= set(paths)
    assert all(path.startswith("/api/v1/") for path in paths)


def test_metrics_count_by_route_and_never_by_address(client: TestClient) -> None:
    client.get("/api/v1/jobs/secret-id")
    text = client.get("/metrics").text
    assert 'provenance_requests_total{route="/api/v1/jobs/{id}",status="404"}' in text
    assert "secret-id" not in text


def test_a_file_is_read_in_its_own_encoding_and_nothing_else_than_a_text_or_page(
    client: TestClient,
) -> None:
    text = "Das Bürgerfest in Königs Wusterhausen war größer als im Jahr zuvor. " * 5
    page = client.post("/check", files={"file": ("fest.txt", text.encode("latin-1"))}).text
    assert "Bürgerfest in Königs" in page
    for name, content in (("program", bytes(range(256)) * 20), ("a.jsonl", b'{"text": "x"}\n' * 3)):
        refused = client.post("/check", files={"file": (name, content)})
        assert refused.status_code == 422 and name in refused.text


def test_people_are_told_on_a_page_and_programs_in_json(client: TestClient) -> None:
    for address, status in (("/nothing", 404), ("/jobs/none", 404)):
        answer = client.get(address)
        assert answer.status_code == status and "This could not be done" in answer.text
    assert client.get("/api/v1/nothing").json() == {"error": "there is nothing at this address"}
    assert "use POST" in client.put("/check").text


def test_only_the_watch_stands_outside_the_guard(client: TestClient) -> None:
    app: Any = client.app
    assert [each.cls for each in app.user_middleware][:2] == [Watch, Guard]


def test_what_the_guard_refuses_is_counted_too(client: TestClient) -> None:
    assert client.get("/status", headers={"host": "evil.example"}).status_code == 421
    text = client.get("/metrics").text
    assert 'provenance_requests_total{route="other",status="421"}' in text
