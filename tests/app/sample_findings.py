"""The findings of the hand-made sample report."""

from huisheng.app.report.document import FindingEntry, RateEntry


def _rate(numerator: float, denominator: float) -> RateEntry:
    return {
        "value": numerator / denominator,
        "numerator": numerator,
        "denominator": denominator,
    }


def _finding(
    id_: str,
    shop_id: str,
    title: str,
    problem: tuple[str, str],
    segment: dict[str, str],
    department: str,
    rates: tuple[RateEntry, RateEntry],
    interval: tuple[float, float],
    chances: tuple[float, float],
    impact: tuple[int, float],
    since: str | None,
    quotes: list[tuple[str, str, str]],
    strategy: str,
) -> FindingEntry:
    return {
        "id": id_,
        "shop_id": shop_id,
        "analysis": "concentration" if problem[0] != "metric" else "timing",
        "title": title,
        "problem": {"kind": problem[0], "id": problem[1]},
        "segment": segment,
        "department": department,
        "observed": rates[0],
        "expected": rates[1],
        "interval": list(interval),
        "p_value": chances[0],
        "q_value": chances[1],
        "impact": {"affected": impact[0], "cny": impact[1]},
        "since": since,
        "evidence": [{"table": t, "id": i, "quote": q} for t, i, q in quotes],
        "strategy": strategy,
    }


def sample_findings() -> list[FindingEntry]:
    return [*_pillow(), *_carrier(), *_service(), *_small()]


def _pillow() -> list[FindingEntry]:
    where = {"product_id": "8801", "sku_id": "8801-高枕"}
    return [
        _finding(
            "f-71c0",
            "qingchuan",
            "云感记忆棉枕「高枕」款开线、塌陷，质量退款翻了近四倍",
            ("aspect", "P03"),
            where,
            "product",
            (_rate(74, 902), _rate(19.2, 902)),
            (0.0659, 0.1018),
            (3.1e-11, 2.4e-8),
            (74, 18_204.6),
            "2026-08-22",
            [
                ("reviews", "RV20260903011873", "才睡了一个星期就塌下去了，根本回弹不起来"),
                ("reviews", "RV20260905027714", "拉链那一圈线头全开了，里面的海绵都露出来"),
                ("messages", "M-5500182736", "你们这个枕头边上开线了，是不是发错次品给我了？"),
                ("refunds", "RF8801200331", "枕头一边高一边低，睡醒脖子疼"),
                ("messages", "M-5500190021", "同事买的就好好的，怎么我这个是坏的"),
            ],
            "抽检 8 月 20 日以后入库的「高枕」批次，先停发在库 3 个批次；"
            "已发未签收的主动联系换货，详情页暂时下架该规格。",
        ),
        _finding(
            "f-71c4",
            "qingchuan",
            "同一款枕头：买家第一次退款就选「质量问题」",
            ("refund_reason", "质量问题"),
            where,
            "product",
            (_rate(71, 902), _rate(16.4, 902)),
            (0.0621, 0.0976),
            (8.8e-10, 1.9e-7),
            (71, 17_466.0),
            "2026-08-23",
            [
                ("refunds", "RF8801200412", "做工太差，线头都没剪干净"),
                ("refunds", "RF8801200530", "塌了，跟图片完全两样"),
            ],
            "与上一条一并处理：换货优先于退款，换货件逐只验过再发。",
        ),
        _finding(
            "f-71d9",
            "qingchuan",
            "同一款枕头：问「怎么退货」的会话增多",
            ("scene", "POST06"),
            where,
            "cs",
            (_rate(163, 1288), _rate(58.0, 1288)),
            (0.1089, 0.1463),
            (4.0e-9, 4.2e-7),
            (151, 2_310.0),
            "2026-08-24",
            [("messages", "M-5500201177", "这个枕头怎么退，运费谁出？")],
            "给这款枕头配一条专用快捷回复：先致歉、再给换货入口，不让买家自己找。",
        ),
    ]


def _carrier() -> list[FindingEntry]:
    return [
        _finding(
            "f-0a93",
            "qingchuan",
            "迅达快递到新疆、甘肃的包裹，破损集中",
            ("aspect", "L04"),
            {"carrier": "迅达快递", "province": "新疆"},
            "carrier",
            (_rate(41, 288), _rate(9.6, 288)),
            (0.1069, 0.1875),
            (2.2e-8, 1.1e-6),
            (41, 9_870.5),
            "2026-08-29",
            [
                ("messages", "M-5500213390", "箱子都压扁了，床垫角上破了个大洞"),
                ("reviews", "RV20260909031120", "路上走了十一天，外包装烂得不成样子"),
                ("disputes", "DP33012987", "商家说找快递，快递说找商家，谁管？"),
            ],
            "与迅达对账破损赔付；9 月 20 日前把西北三省改走另一家，并给大件加护角。",
        ),
        _finding(
            "f-0b11",
            "hemu",
            "华东仓发出的破壁机少配件",
            ("aspect", "L05"),
            {"product_id": "7203", "step": "picking→packed"},
            "warehouse",
            (_rate(22, 611), _rate(5.5, 611)),
            (0.0239, 0.0538),
            (6.0e-6, 1.4e-4),
            (22, 1_936.0),
            "2026-09-02",
            [
                ("messages", "M-7200011902", "说明书上写有两个杯子，我只收到一个"),
                ("reviews", "RV20260911000418", "少了研磨杯，找客服补发等了五天"),
            ],
            "装箱工位加称重复核：整机标准重 4.62 千克，低于 4.50 千克自动拦下。",
        ),
    ]


def _service() -> list[FindingEntry]:
    return [
        _finding(
            "f-5e02",
            "qingchuan",
            "晚上 9 点到 10 点没人接，买家平均要等五分多钟",
            ("metric", "first_resp_sec"),
            {"hour": "21"},
            "cs",
            (
                {"value": 312.4, "numerator": 128_396.4, "denominator": 411},
                {"value": 74.0, "numerator": 352_314.0, "denominator": 4761},
            ),
            (281.2, 343.9),
            (1.0e-12, 3.0e-9),
            (411, 6_120.0),
            "2026-08-16",
            [
                ("messages", "M-5500240015", "有人吗？问了三遍都没人理，不买了"),
                ("messages", "M-5500240981", "晚上客服是下班了吗"),
            ],
            "21:00–22:00 加一班 2 人（现在 1 人接 46 个会话），机器人先答尺寸和运费两类问题。",
        ),
        _finding(
            "f-5e77",
            "qingchuan",
            "晚班二组的评价满意率低于同时段其他组",
            ("metric", "ww_satisfaction"),
            {"agent_group": "晚班二组"},
            "cs",
            (_rate(214, 251), _rate(238.2, 251)),
            (0.8034, 0.8919),
            (7.7e-6, 1.6e-4),
            (37, 0.0),
            None,
            [
                ("session_ratings", "SR-90021877", "一直复制粘贴，问题根本没看"),
                ("messages", "M-5500252210", "你是机器人吧，我说的是换颜色不是退货"),
            ],
            "抽 30 段该组低分会话做复盘，把「先复述再回答」列入本周练习。",
        ),
        _finding(
            "f-6610",
            "qingchuan",
            "「买二送一」活动说不清，来问规则的人是平时的三倍",
            ("scene", "PRE18"),
            {"campaign_id": "2026中秋买二送一"},
            "ops",
            (_rate(388, 2140), _rate(127.0, 2140)),
            (0.1653, 0.1983),
            (1.2e-14, 9.0e-12),
            (366, 4_402.0),
            "2026-09-06",
            [
                ("messages", "M-5500261003", "到底是送最便宜的还是送同款啊，页面上没写"),
                ("messages", "M-5500261554", "我拍了三件怎么没有减？"),
                ("messages", "M-5500262018", "赠品要不要自己加购物车"),
            ],
            "详情页首屏加一张三行的规则图（送什么、怎么拍、退一件怎么算），同步给机器人。",
        ),
    ]


def _small() -> list[FindingEntry]:
    return [
        _finding(
            "f-80aa",
            "nanmo",
            "阔腿裤「米白」色差：实物比图片黄",
            ("aspect", "P06"),
            {"product_id": "6117", "sku_id": "6117-米白-M"},
            "ops",
            (_rate(13, 122), _rate(3.1, 122)),
            (0.0612, 0.1748),
            (1.9e-5, 3.8e-4),
            (13, 2_587.0),
            "2026-08-31",
            [
                ("reviews", "RV20260907044410", "图片是米白，到手是米黄，像洗旧了"),
                ("refunds", "RF6117000121", "颜色差太多"),
            ],
            "重拍「米白」主图（自然光、不加滤镜），标题去掉「奶油白」。",
        ),
        _finding(
            "f-80c2",
            "hemu",
            "退款卡在「待仓库确认」：三成多超过 24 小时没人动",
            ("step", "待仓库确认→已退款"),
            {"step": "待仓库确认→已退款"},
            "warehouse",
            (_rate(31, 82), _rate(11.2, 82)),
            (0.2795, 0.4865),
            (2.0e-4, 2.9e-3),
            (31, 0.0),
            None,
            [("tickets", "TK-20260908-0093", "货都签收四天了，怎么还不退钱")],
            "仓库签收退件后当天在系统里确认，超过 24 小时自动提醒仓储主管。",
        ),
        _finding(
            "f-81b0",
            "hemu",
            "全店：机器人答非所问的抱怨多于上期",
            ("aspect", "C05"),
            {},
            "cs",
            (_rate(57, 6120), _rate(31.0, 6120)),
            (0.0072, 0.012),
            (3.0e-4, 4.1e-3),
            (57, 410.5),
            "2026-09-01",
            [("messages", "M-7200018873", "转人工！转人工！说了五遍了")],
            "把「转人工」一词的触发从三次改为一次，并补 12 条破壁机清洗问答。",
        ),
    ]
