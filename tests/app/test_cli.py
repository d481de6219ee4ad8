"""What the command line says on a small workspace: clear, once, and with the right exit code."""

import json

import pytest

ORDERS = "order_no,pay_amount,status,created_at,paid_at\n"
REFUNDS = "refund_no,order_no,type,status,applied_at,refund_amount\n"
PLAN = (
    "name: 提速\ncause: x\nmetric: refund_only_rate\nsegment: {province: 浙江}\n"
    "fix_date: 2026-08-10\nwindow_days: 7\ncontrol: auto\n"
)


@pytest.fixture
def shops(tmp_path, run, monkeypatch):
    """Return a workspace with two shops; only the first one's order A1 was refunded."""
    monkeypatch.setenv("HUISHENG_WORKSPACE", str(tmp_path / "ws"))
    orders = "".join(
        f"A{at},10.00,交易成功,2026-08-0{at} 10:00:00,2026-08-0{at} 10:05:00\n" for at in (1, 2, 3)
    )
    (tmp_path / "orders.csv").write_text(ORDERS + orders)
    (tmp_path / "refunds.csv").write_text(
        REFUNDS + "R1,A1,refund_only,success,2026-08-02 10:00:00,10.00\n"
    )
    for shop in ("s1", "s2"):
        assert run("import", tmp_path / "orders.csv", "--shop", shop)[0] == 0
    assert run("import", tmp_path / "refunds.csv", "--shop", "s1")[0] == 0
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [
        ("metrics", "list"),
        ("metrics", "show", "gmv"),
        ("metrics", "query", "gmv"),
        ("metrics", "explain", "refund_only_rate", "A1"),
        ("metrics", "headroom", "refund_only_rate"),
        ("verify", "plan.yaml"),
    ],
)
def test_an_unknown_format_lists_the_choices(shops, run, command):
    code, out, err = run(*command, "--format", "xml")
    assert (code, out) == (2, "")
    assert "xml" in err and "text、json" in err


def test_an_unknown_shop_is_an_error_that_names_the_known_ones(shops, run):
    for command in (("query", "gmv"), ("headroom", "refund_only_rate", "--threshold", "0.1")):
        code, _, err = run("metrics", *command, "--shop", "s9")
        assert code == 2
        assert "没有店铺「s9」" in err and "s1、s2" in err
    code, out, _ = run("metrics", "query", "gmv", "--shop", "s1", "--format", "json")
    assert code == 0
    assert {value["shop_id"] for value in json.loads(out)} == {"s1"}


def test_headroom_as_text_and_as_json(shops, run):
    asked = ("metrics", "headroom", "refund_only_rate", "--threshold", "0.1", "--shop", "s1")
    span = ("--from", "2026-08-01", "--to", "2026-08-03")
    code, out, _ = run(*asked, *span, "--format", "text")
    assert code == 0
    assert "33.33%（1 / 3），门槛 10.00%：再有 7 个好的，或少 1 个不好的，就能达标" in out
    room = json.loads(run(*asked, *span)[1])
    assert (room["more_good"], room["fewer_bad"]) == (7, 1)
    reached = run(*asked[:4], "0.5", *asked[5:], *span, "--format", "text")[1]
    assert "已达标，还能再承受 1 个不好的" in reached


@pytest.mark.parametrize("line", ["2", "-0.1", "95"])
def test_a_threshold_is_a_share(shops, run, line):
    code, _, err = run(
        "metrics", "headroom", "refund_only_rate", "--threshold", line, "--shop", "s1"
    )
    assert code == 2
    assert "不在 0 到 1 之间" in err and "0.95" in err


def test_explain_gives_a_reason_and_local_times(shops, run):
    out = run("metrics", "explain", "refund_only_rate", "A2")[1]
    found = json.loads(out)
    assert found["counted"] is False
    assert found["reason"] == "no_event"
    assert "没有发生" in found["sentence"]
    assert found["facts"]["at"] == "2026-08-02 10:05:00"
    text = run("metrics", "explain", "refund_only_rate", "A2", "--format", "text")[1]
    assert "不计入：在考察范围" in text and "2026-08-02 10:05:00" in text
    assert json.loads(run("metrics", "explain", "refund_only_rate", "A1")[1])["counted"] is True


def test_nothing_to_import_is_an_error(tmp_path, run):
    (tmp_path / "README.md").write_text("# x")
    code, out, err = run("import", tmp_path / "README.md", "--workspace", tmp_path / "ws")
    assert code == 2
    assert "README.md：跳过，不支持的文件类型 .md" in out and "━" not in out
    assert "没有可以导入的文件" in err


def test_an_import_error_is_said_once(tmp_path, run):
    (tmp_path / "x.csv").write_text("甲,乙\n1,2\n")
    (tmp_path / "orders.csv").write_text(ORDERS + "A1,1,x,2026-08-01,2026-08-01\n")
    both = tmp_path / "x.csv", tmp_path / "orders.csv"
    code, out, err = run("import", *both, "--workspace", tmp_path / "ws")
    assert code == 2
    assert "x.csv：不认识这种表头" in err and "其余文件已照常导入" in err
    assert "x.csv：x.csv" not in out + err
    assert (out + err).count("不认识这种表头") == 1


def test_a_table_that_is_not_for_a_terminal_is_whole(tmp_path, run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    name = "2026年8月天猫旗舰店订单报表导出（全部字段含优惠与备注）第二版最终.csv"
    (tmp_path / name).write_text(ORDERS + "A1,1,x,2026-08-01,2026-08-01\n")
    out = run("import", tmp_path / name, "--workspace", tmp_path / "ws")[1]
    assert f"│ {name} │ 订单（标准表 orders） │" in out
    assert "…" not in run("metrics", "list")[1]


def test_rows_and_records_are_told_apart(tmp_path, run):
    header = "主订单编号,子订单编号,选购商品,订单应付金额,订单提交时间"
    (tmp_path / "抖店.csv").write_text(f"{header}\n1,11,毛巾,9.9,2026-08-01 10:00:00\n")
    out = run("import", tmp_path / "抖店.csv", "--workspace", tmp_path / "ws")[1]
    assert "读取行" in out and "新增条" in out
    assert "一行可以产生多条记录" in out
    assert "产生的记录：订单 1、" in out


def test_bad_rows_name_the_files_own_header_and_the_remedy(tmp_path, run):
    (tmp_path / "我的订单.csv").write_text(
        "订单编号,实付金额,下单时间,备用\nA1,一块,2026-08-01,x\n"
    )
    out = run("import", tmp_path / "我的订单.csv", "--workspace", tmp_path / "ws")[1]
    assert "第 2 行「实付金额（pay_amount）」列：不是金额，请写成" in out
    assert "同一个名字再导入一次" in out


def test_left_out_columns_come_in_order(tmp_path, run):
    (tmp_path / "orders.csv").write_text(
        "order_no,收货人,联系电话,微信号,邮箱,source_file\n1,,,,,\n"
    )
    out = run("import", tmp_path / "orders.csv", "--workspace", tmp_path / "ws")[1]
    (line,) = [line for line in out.splitlines() if "未保存的列" in line]
    names = [part.partition("（")[0] for part in line.partition("未保存的列：")[2].split("；")]
    assert len(names) == 5
    assert names == sorted(names)


def test_verify_says_its_verdict_once_and_names_the_option(shops, run):
    (shops / "plan.yaml").write_text(PLAN)
    code, _, err = run("verify", shops / "plan.yaml")
    assert code == 2
    assert "--shop" in err and "s1、s2" in err
    code, out, _ = run("verify", shops / "plan.yaml", "--shop", "s1")
    assert code == 0
    assert out.count("还不能下结论") == 1


def test_verify_takes_an_entry_of_the_suggested_plans(shops, run):
    suggested = {
        "name": "浙江仅退款偏高", "cause": "f1", "metric": "refund_only_rate",
        "segment": {"province": "浙江"}, "fix_date": None, "window_days": 14, "control": "auto",
    }  # fmt: skip
    runs = shops / "ws" / "runs"
    runs.mkdir(exist_ok=True)
    (runs / "plans.json").write_text(json.dumps([suggested, {**suggested, "cause": "f2"}]))
    with_date = ("--fix-date", "2026-08-10", "--shop", "s1", "--format", "json")
    code, out, _ = run("verify", "runs/plans.json#f2", *with_date)
    assert code == 0
    assert json.loads(out)["verdict"] == "inconclusive"
    for plan, said in (
        ("runs/plans.json#f2", "--fix-date"),
        ("runs/plans.json", "f1（浙江仅退款偏高）、f2"),
        ("runs/plans.json#f3", "没有编号为「f3」的计划"),
        ("nowhere.json#f1", "没有这个计划文件"),
    ):
        code, _, err = run("verify", plan, "--shop", "s1")
        assert code == 2
        assert said in err


def test_label_explains_only_where_asked(tmp_path, run):
    line = {"id": 7, "text": "再不发货我就投诉", "context": ["客服：亲，48小时内"]}
    (tmp_path / "in.jsonl").write_text(json.dumps(line, ensure_ascii=False))
    plain = json.loads(run("label", "--in", tmp_path / "in.jsonl")[1])
    told = json.loads(run("label", "--in", tmp_path / "in.jsonl", "--explain")[1])
    reasons = told.pop("explain")
    assert told == plain and "explain" not in plain
    risk = next(one for one in reasons if one["head"] == "risk")
    assert risk["rules"] == [{"id": "R3", "words": ["再不发货我就投诉"]}]
    assert risk["licence"]["granted"] is False and risk["licence"]["origin"] == "own_sentences"
    scene = next(one for one in reasons if one["head"] == "scene")
    shown = [piece["weight"] for piece in (*scene["grams"], *scene["cues"])]
    assert sum(shown) + scene["bias"] + scene["rest"] == pytest.approx(scene["logit"], abs=0.002)
