"""Later wins, every value knows where it came from, and what nobody knows is refused."""

from pathlib import Path

import pytest

from karvan.domain.errors import InvalidInput, InvalidRequest
from karvan.interfaces.settings import Settings, load_settings


def origins(loaded):
    return {each.name: (each.value, each.origin) for each in loaded.origins}


def test_defaults_need_nothing(tmp_path):
    loaded = load_settings({}, tmp_path)

    assert loaded.settings == Settings(store=tmp_path / ".karvan" / "quotes.sqlite")
    assert {origin for _, origin in origins(loaded).values()} == {"default"}


def test_option_beats_environment_beats_file_beats_default(tmp_path):
    file = tmp_path / "karvan.toml"
    file.write_text('host = "10.0.0.1"\nport = 1111\nlog_level = "info"\n')

    loaded = load_settings(
        {"KARVAN_PORT": "2222", "KARVAN_HOST": "::1"}, tmp_path, {"port": "3333"}
    )

    assert (
        origins(loaded).items()
        >= {
            "data": ("", "default"),
            "store": (str(tmp_path / ".karvan" / "quotes.sqlite"), "default"),
            "database": ("", "default"),
            "host": ("::1", "KARVAN_HOST"),
            "port": ("3333", "option"),
            "body_limit_bytes": ("65536", "default"),
            "requests_per_minute": ("1200", "default"),
            "log_level": ("info", str(file)),
        }.items()
    )
    assert loaded.settings.port == 3333


def test_an_option_that_was_not_given_changes_nothing(tmp_path):
    assert load_settings({}, tmp_path, {"port": None}).settings.port == 8000


def test_a_named_file_is_read_and_must_exist(tmp_path):
    file = tmp_path / "other.toml"
    file.write_text('data = "tables"\n')

    loaded = load_settings({"KARVAN_CONFIG": str(file)}, tmp_path)

    assert loaded.settings.data == Path("tables")
    with pytest.raises(InvalidInput):
        load_settings({"KARVAN_CONFIG": str(tmp_path / "none.toml")}, tmp_path)


def test_every_fault_is_told_with_its_origin_and_a_suggestion(tmp_path):
    (tmp_path / "karvan.toml").write_text('hots = "x"\nport = "many"\n')

    with pytest.raises(InvalidRequest) as caught:
        load_settings({"KARVAN_LOG_LEVL": "info", "KARVAN_BODY_LIMIT_BYTES": "1"}, tmp_path)

    told = {fault.pointer: fault for fault in caught.value.faults}
    assert set(told) == {"/hots", "/port", "/KARVAN_LOG_LEVL", "/body_limit_bytes"}
    assert told["/hots"].fix == "did you mean host?"
    assert told["/KARVAN_LOG_LEVL"].fix == "did you mean KARVAN_LOG_LEVEL?"
    assert told["/body_limit_bytes"].facts["where"] == "KARVAN_BODY_LIMIT_BYTES"


@pytest.mark.parametrize("variable", ["KARVAN_REQUIRE", "KARVAN_UPDATE_GOLDEN", "OTHER"])
def test_variables_that_are_no_settings_are_left_alone(variable, tmp_path):
    assert load_settings({variable: "x"}, tmp_path) == load_settings({}, tmp_path)


@pytest.mark.parametrize("text", ["port = 80 80", "\x00", "[port]"])
def test_a_broken_file_is_refused(text, tmp_path):
    (tmp_path / "karvan.toml").write_text(text)
    with pytest.raises(InvalidInput):
        load_settings({}, tmp_path)


@pytest.mark.parametrize(
    ("environment", "store"),
    [
        ({"XDG_DATA_HOME": "/data", "HOME": "/somebody"}, "/data/karvan/quotes.sqlite"),
        (
            {"XDG_DATA_HOME": "data", "HOME": "/somebody"},
            "/somebody/.local/share/karvan/quotes.sqlite",
        ),
        ({"HOME": "/"}, "/.local/share/karvan/quotes.sqlite"),
        ({"HOME": ""}, "here/.karvan/quotes.sqlite"),
        ({}, "here/.karvan/quotes.sqlite"),
        ({"KARVAN_STORE": "q.sqlite", "HOME": "/somebody"}, "q.sqlite"),
        ({"KARVAN_STORE": "none", "HOME": "/somebody"}, None),
    ],
)
def test_quotes_are_kept_in_the_users_data_or_else_where_one_works(environment, store):
    loaded = load_settings(environment, Path("here"))

    assert loaded.settings.store == (None if store is None else Path(store))


def test_an_empty_store_is_refused_for_it_may_mean_either(tmp_path):
    with pytest.raises(InvalidRequest) as caught:
        load_settings({"KARVAN_STORE": ""}, tmp_path)

    assert [fault.pointer for fault in caught.value.faults] == ["/store"]


@pytest.mark.parametrize(
    ("environment", "options", "kept"),
    [
        ({"KARVAN_DATABASE": "postgresql://h/x"}, {}, "postgresql://h/x"),
        ({"KARVAN_DATABASE": "postgresql://h/x"}, {"store": "a"}, "sqlite:///a"),
        ({"KARVAN_STORE": "a"}, {"database": "postgresql://h/x"}, "postgresql://h/x"),
        ({"KARVAN_STORE": "a"}, {"database": "sqlite:///b %41"}, "sqlite:///b %41"),
        ({"KARVAN_STORE": "a"}, {"database": "none"}, None),
        ({"KARVAN_DATABASE": "postgresql://h/x"}, {"store": "none"}, None),
    ],
)
def test_of_file_and_database_the_one_given_nearer_counts(environment, options, kept, tmp_path):
    loaded = load_settings(environment, tmp_path, options)
    where = loaded.settings.keeps_in
    assert (where and where.url) == kept


def test_file_and_database_from_one_place_are_refused(tmp_path):
    with pytest.raises(InvalidRequest) as caught:
        load_settings({}, tmp_path, {"store": "a", "database": "sqlite:///b"})
    assert [fault.pointer for fault in caught.value.faults] == ["/database"]


@pytest.mark.parametrize("text", ["mysql://h/x", "sqlite:///", "postgresql://h:port/x", "a.sqlite"])
def test_a_database_that_can_be_none_is_refused(text, tmp_path):
    with pytest.raises(InvalidRequest) as caught:
        load_settings({"KARVAN_DATABASE": text}, tmp_path)
    assert [fault.pointer for fault in caught.value.faults] == ["/database"]


def test_no_setting_is_shown_with_its_password(tmp_path):
    url = "postgresql://ana:secret@h/x?sslpassword=secret"
    loaded = load_settings({"KARVAN_DATABASE": url}, tmp_path)
    assert "secret" not in repr(loaded.origins)
    assert loaded.settings.keeps_in.url == url


@pytest.mark.parametrize("given", ["10.0.0.1", "10.0.0.0/8, ::1", ""])
def test_proxies_are_addresses_or_networks(tmp_path, given):
    loaded = load_settings({"KARVAN_TRUSTED_PROXIES": given}, tmp_path)
    assert loaded.settings.trusted_proxies == given.replace(" ", "")
    for wrong in ("*", f"{given},x", "localhost"):
        with pytest.raises(InvalidRequest):
            load_settings({"KARVAN_TRUSTED_PROXIES": wrong}, tmp_path)
