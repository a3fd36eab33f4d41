"""Real answers beside the OpenAPI document: each is documented, and nothing in it is not."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from provenance import demo
from provenance.web import create_app
from provenance.web.source import Source
from tests.web.test_web import PAGES, TOKEN, client, filled, finished, own, place

__all__ = ["client", "own", "place"]
TEXT = (PAGES / demo.CHECKED).read_text("utf-8")
PAGE = (PAGES / "agency.html").read_text("utf-8")
ADDED = {"articles": [{"text": "A new story about the old mill. " * 20}]}


def closed(schema: Any) -> Any:
    """The schema with objects that may hold nothing but what is named."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: closed(value) for name, value in schema.items()}
    fields = schema.get("type") == "object" and "properties" in schema
    return inner | ({"additionalProperties": False} if fields else {})


def documented(client: TestClient, method: str, path: str, answer: Any) -> Any:
    """Hold an answer against the document; the answer's JSON."""
    document = closed(client.get("/api/v1/openapi.json").json())
    responses = document["paths"][f"/api/v1{path}"][method]["responses"]
    assert str(answer.status_code) in responses
    schema = responses[str(answer.status_code)]["content"]["application/json"]["schema"]
    found = answer.json()
    jsonschema_rs.validate({**schema, "components": document["components"]}, found)
    return found


def test_the_results_are_as_documented(own: TestClient) -> None:
    def ask(method: str, path: str, address: str = "", **given: Any) -> Any:
        answer = own.request(method, f"/api/v1{address or path}", **given)
        return documented(own, method.lower(), path, answer)

    checked = ask("POST", "/check", json={"text": TEXT})
    assert checked["origin"] and checked["chain"] and checked["matches"]
    stored = checked["matches"][0]["id"]
    ask("POST", "/check", json={"id": stored})
    assert ask("POST", "/diff", json={"a": {"id": stored}, "b": {"html": PAGE}})["pairs"]
    assert ask("POST", "/articles", json=ADDED)["added"] == 1
    assert ask("GET", "/articles")["articles"]
    assert ask("GET", "/articles/{id}", f"/articles/{stored}")["blocks"]
    assert ask("DELETE", "/articles/{id}", f"/articles/{stored}") == {"removed": 1}
    assert ask("GET", "/index")["articles"] == 4
    added = ask("POST", "/articles", "/articles?background=true", json=ADDED)
    for job in (ask("POST", "/audit"), added):
        finished(own, job["id"])
        assert ask("GET", "/jobs/{id}", f"/jobs/{job['id']}")["result"]
        ask("DELETE", "/jobs/{id}", f"/jobs/{job['id']}")
    assert len(ask("GET", "/jobs")["jobs"]) == 2


@pytest.mark.parametrize(
    ("method", "path", "given", "status"),
    [
        ("post", "/check", {"json": {}}, 422),
        ("post", "/check", {"json": {"url": "http://127.0.0.1:1/"}}, 502),
        ("post", "/check", {"content": b"{", "headers": {"origin": "http://evil.example"}}, 403),
        ("post", "/diff", {"content": b"{"}, 422),
        ("post", "/articles", {"json": {"articles": []}}, 422),
        ("get", "/articles", {"params": {"since": "0"}}, 422),
        ("get", "/articles/{id}", {}, 404),
        ("delete", "/jobs/{id}", {}, 404),
        ("get", "/index", {"headers": {"host": "evil.example"}}, 421),
    ],
)
def test_refusals_are_as_documented(
    client: TestClient, method: str, path: str, given: Any, status: int
) -> None:
    answer = client.request(method, f"/api/v1{path}", **given)
    assert answer.status_code == status
    assert list(documented(client, method, path, answer)) == ["error"]


def test_a_missing_token_and_a_large_body_are_as_documented(tmp_path: Any) -> None:
    app = create_app(filled(tmp_path), token=TOKEN, largest=1000)
    known = {"authorization": f"Bearer {TOKEN}"}
    with TestClient(app, "http://localhost", client=("127.0.0.1", 1), headers=known) as made:
        large = made.post("/api/v1/check", json={"text": TEXT})
        assert large.status_code == 413 and documented(made, "post", "/check", large)
        nobody = made.get("/api/v1/index", headers={"authorization": ""})
        assert nobody.status_code == 401 and documented(made, "get", "/index", nobody)


def test_a_wrong_method_is_told_which_are_allowed(client: TestClient) -> None:
    answer = client.put("/api/v1/jobs/none")
    assert (answer.status_code, answer.headers["allow"]) == (405, "DELETE, GET")


def test_a_source_is_documented_as_one_of_four(client: TestClient) -> None:
    document = client.get("/api/v1/openapi.json").json()
    schema = {"$ref": "#/components/schemas/Source", "components": document["components"]}
    good: Any = (
        {"url": "HTTPS://a.example/"}, {"html": "<p>x", "url": "u"}, {"text": "x", "id": ""},
        {"text": "x", "id": "y", "outlet": "a.example", "published": "2026-01-02"}, {"id": "y"},
    )  # fmt: skip
    bad: Any = (
        {}, {"url": "/etc/passwd"}, {"text": "x", "html": "y"}, {"text": ""}, {"path": "x"},
        {"id": "y", "title": "x"}, {"url": "https://a.example/", "outlet": "x"},
    )  # fmt: skip
    for given, right in ((good, True), (bad, False)):
        for each in given:
            assert jsonschema_rs.is_valid(schema, each) is right
            try:
                Source(**each)
            except ValidationError:
                assert not right
            else:
                assert right
