"""Files as 天猫 hands them over: order, item, refund and review reports, chat logs, tracking."""

from pathlib import Path

import numpy as np

from huisheng.app.demo.canonical import Items, return_numbers, status_of
from huisheng.app.demo.frame import Flags, Ints, Words, either, later
from huisheng.app.demo.goods import geography, words
from huisheng.app.demo.journeys import Scans
from huisheng.app.demo.lines import Script
from huisheng.app.demo.messages import Messages
from huisheng.app.demo.refunds import REFUND_ONLY, Refunds
from huisheng.app.demo.sheets import adorned_yuan, plain_yuan, spelled, write_raw_csv, write_xlsx
from huisheng.app.demo.subjects import Setting
from huisheng.app.demo.voices import Reviews

STATUS = {
    "待付款": "等待买家付款",
    "待发货": "买家已付款,等待卖家发货",
    "已发货": "卖家已发货,等待买家确认",
    "交易成功": "交易成功",
    "交易关闭": "交易关闭",
}
REFUND_STATUS = {
    "applied": "买家已经申请退款,等待卖家同意",
    "agreed": "卖家已经同意退款,等待买家退货",
    "returning": "买家已经退货,等待卖家确认收货",
    "received": "商家已收货",
    "rejected": "卖家拒绝退款",
    "success": "退款成功",
    "closed": "退款关闭",
}
REFUND_TYPE = words(["仅退款", "退货退款", "换货", "补寄", "维修"])
NO_PROVINCE_SUFFIX = {"北京": "北京", "上海": "上海", "天津": "天津", "重庆": "重庆"}
REGIONS = {
    "广西": "广西壮族自治区",
    "新疆": "新疆维吾尔自治区",
    "宁夏": "宁夏回族自治区",
    "内蒙古": "内蒙古自治区",
    "西藏": "西藏自治区",
}
LEGACY_HEADERS = (
    "订单编号 买家会员名 买家支付宝账号 买家应付货款 买家应付邮费 买家支付积分 总金额 返点积分 "
    "买家实际支付金额 买家实际支付积分 订单状态 买家留言 收货人姓名 收货地址 运送方式 "
    "联系电话 联系手机 订单创建时间 订单付款时间 宝贝标题 宝贝种类 物流单号 物流公司 订单备注 "
    "宝贝总数量 店铺Id 店铺名称 订单关闭原因 卖家服务费 买家服务费 发票抬头 是否手机订单 "
    "分阶段订单信息 特权订金订单id 定金排名 修改后的sku 修改后的收货地址 异常信息 "
    "天猫卡券抵扣 集分宝抵扣 是否是O2O交易"
)


def full_province(name: str) -> str:
    """Return a province's name as an address has it."""
    return NO_PROVINCE_SUFFIX.get(name) or REGIONS.get(name) or f"{name}省"


def addresses_of(setting: Setting, rows: Ints) -> Words:
    """Return the address of each order, starred out below the city."""
    buyer = setting.baskets.buyer[rows]
    names = words([full_province(name) for name in geography().provinces])
    provinces = names[setting.buyers.province[buyer]]
    return words(
        [
            f"{province} {city}市 ***"
            for province, city in zip(provinces, setting.buyers.city[buyer], strict=True)
        ]
    )


def phones_of(setting: Setting, rows: Ints) -> Words:
    """Return the starred-out phone of each order's buyer."""
    phones: Words = "138****" + setting.buyers.phone_tail[setting.baskets.buyer[rows]]
    return phones


def write_orders(path: Path, setting: Setting, items: Items, keep: Flags) -> None:
    """Write the 千牛 order report of the orders in `keep`."""
    rows = np.flatnonzero(keep)
    baskets, parcels, goods = setting.baskets, setting.parcels, setting.goods
    product = baskets.product[rows]
    pieces = np.bincount(items.order, weights=items.qty, minlength=len(baskets))
    status = status_of(baskets, parcels)[rows]
    paid = ~np.isnat(baskets.paid_at[rows])
    sent = ~np.isnat(parcels.shipped_at[rows])
    carrier = geography().carriers[parcels.carrier[rows]]
    sheet = {
        "订单编号": baskets.order_no[rows],
        "支付单号": either(paid, "20260" + baskets.order_no[rows] + "0001", "-"),
        "支付详情": either(paid, "支付宝支付", "-"),
        "买家会员名": setting.buyers.ident[baskets.buyer[rows]],
        "买家应付货款": plain_yuan(baskets.total_fen[rows] - baskets.discount_fen[rows]),
        "买家应付邮费": plain_yuan(baskets.shipping_fen[rows]),
        "总金额": plain_yuan(baskets.total_fen[rows]),
        "买家实付金额": either(paid, plain_yuan(baskets.pay_fen[rows]), "0.00"),
        "订单状态": words([STATUS[name] for name in status]),
        "收货地址": addresses_of(setting, rows),
        "联系手机": phones_of(setting, rows),
        "订单创建时间": spelled(baskets.created_at[rows]),
        "订单付款时间": spelled(baskets.paid_at[rows]),
        "商品标题": goods.title[product],
        "商品属性SKU": goods.sku_spec[baskets.sku[rows]],
        "商家编码": goods.sku_code[baskets.sku[rows]],
        "宝贝总数量": pieces[rows].astype(np.int64).astype(str).astype(object),
        "物流单号": either(sent, parcels.tracking_no[rows], ""),
        "物流公司": either(sent, carrier, ""),
        "退款金额": words(["无退款申请"] * len(rows)),
        "应发货时间": spelled(parcels.promised_at[rows]),
        "发货时间": spelled(parcels.shipped_at[rows]),
        "确认收货时间": spelled(parcels.confirmed_at[rows]),
        "店铺名称": words([setting.shop.name] * len(rows)),
    }
    write_xlsx(path, sheet, "订单报表")


def write_items(path: Path, setting: Setting, items: Items, keep: Flags) -> None:
    """Write the 千牛 item report of the orders in `keep`."""
    rows = np.flatnonzero(keep[items.order])
    order, sku = items.order[rows], items.sku[rows]
    baskets, goods = setting.baskets, setting.goods
    status = status_of(baskets, setting.parcels)[order]
    sheet = {
        "子订单编号": items.sub_order_no[rows],
        "主订单编号": baskets.order_no[order],
        "商品标题": goods.title[goods.sku_product[sku]],
        "商品价格": plain_yuan(items.unit_fen[rows]),
        "购买数量": items.qty[rows].astype(str).astype(object),
        "SKUID": goods.sku_id[sku],
        "商品属性": goods.sku_spec[sku],
        "商家编码": goods.sku_code[sku],
        "订单状态": words([STATUS[name] for name in status]),
        "买家应付货款": plain_yuan(items.paid_fen[rows]),
        "买家实付金额": plain_yuan(items.paid_fen[rows]),
        "退款状态": words(["--"] * len(rows)),
        "订单创建时间": spelled(baskets.created_at[order]),
        "订单付款时间": spelled(baskets.paid_at[order]),
        "商品ID": goods.product_id[goods.sku_product[sku]],
    }
    write_xlsx(path, sheet, "宝贝报表")


def write_legacy_orders(path: Path, setting: Setting, items: Items, keep: Flags) -> None:
    """Write the old ExportOrderList of the orders in `keep`: GB18030, `="…"` ids."""
    rows = np.flatnonzero(keep)
    baskets, parcels, goods = setting.baskets, setting.parcels, setting.goods
    pieces = np.bincount(items.order, weights=items.qty, minlength=len(baskets))
    kinds = either(baskets.extra_sku >= 0, "2", "1")
    status = status_of(baskets, parcels)[rows]
    sent = ~np.isnat(parcels.shipped_at[rows])
    buyer = baskets.buyer[rows]
    carrier = geography().carriers[parcels.carrier[rows]]
    known = {
        "订单编号": '="' + baskets.order_no[rows] + '"',
        "买家会员名": setting.buyers.ident[buyer],
        "买家应付货款": plain_yuan(baskets.total_fen[rows] - baskets.discount_fen[rows]),
        "买家应付邮费": plain_yuan(baskets.shipping_fen[rows]),
        "总金额": adorned_yuan(baskets.total_fen[rows]),
        "买家实际支付金额": plain_yuan(baskets.pay_fen[rows]),
        "订单状态": words([f'"{STATUS[name]}"' for name in status]),
        "收货人姓名": setting.buyers.surname[buyer] + "**",
        "收货地址 ": addresses_of(setting, rows),
        "联系手机": "'" + phones_of(setting, rows),
        "订单创建时间": spelled(baskets.created_at[rows]),
        "订单付款时间": spelled(baskets.paid_at[rows]),
        "宝贝标题": goods.title[baskets.product[rows]],
        "宝贝种类": kinds[rows],
        "物流单号": either(sent, "No:" + parcels.tracking_no[rows], ""),
        "物流公司": either(sent, carrier, ""),
        "宝贝总数量": pieces[rows].astype(np.int64).astype(str).astype(object),
        "店铺名称": words([setting.shop.name] * len(rows)),
        "订单关闭原因": either(status == "交易关闭", "买家取消", "订单未关闭"),
        "天猫卡券抵扣": plain_yuan(baskets.coupon_fen[rows]),
        "买家支付宝账号": words(["--"] * len(rows)),
    }
    empty = words([""] * len(rows))
    headers = [name + " " if name == "收货地址" else name for name in LEGACY_HEADERS.split()]
    write_raw_csv(path, {name: known.get(name, empty) for name in headers}, "gb18030")


def write_refunds(path: Path, setting: Setting, refunds: Refunds) -> None:
    """Write the 千牛 refund report: it knows the present reason only."""
    baskets, goods, parcels = setting.baskets, setting.goods, setting.parcels
    order = refunds.order
    status = refunds.status()
    finish = np.where(np.isnat(refunds.finish_at), refunds.closed_at, refunds.finish_at)
    sent = ~np.isnat(refunds.return_shipped_at)
    back, signed = return_numbers(refunds), spelled(refunds.return_signed_at, "已签收 {}")
    carrier = geography().carriers[parcels.carrier[order]]
    gone = either(refunds.before_dispatch, "", carrier + ":" + parcels.tracking_no[order])
    sheet = {
        "订单编号": baskets.order_no[order],
        "退款编号": refunds.refund_no,
        "子订单编号": baskets.sub_order_no[order],
        "订单付款时间": spelled(baskets.paid_at[order]),
        "商品id": goods.product_id[baskets.product[order]],
        "商品编码": goods.sku_code[baskets.sku[order]],
        "退款完结时间": spelled(finish),
        "买家实际支付金额": plain_yuan(baskets.pay_fen[order]),
        "宝贝标题": goods.title[baskets.product[order]],
        "买家退款金额": plain_yuan(refunds.amount_fen),
        "手工退款/系统退款": either(np.isnat(refunds.finish_at), "", "手工退款"),
        "售后类型": REFUND_TYPE[refunds.type],
        "售中或售后": either(refunds.before_dispatch, "售中", "售后"),
        "退款的申请时间": spelled(refunds.applied_at),
        "超时时间": spelled(later(refunds.applied_at, 120.0)),
        "退款状态": words([REFUND_STATUS[name] for name in status]),
        "货物状态": either(refunds.before_dispatch, "未发货", "买家已收到货"),
        "退货物流信息": either(sent, signed, ""),
        "发货物流信息": gone,
        "客服介入状态": words(["无需客服介入"] * len(refunds)),
        "卖家手机": words(["138****6601"] * len(refunds)),
        "退货物流单号": either(sent, back, ""),
        "退货物流公司": either(sent, carrier, ""),
        "买家退款原因": refunds.label,
        "买家退款说明": either(refunds.type == REFUND_ONLY, "", "--"),
        "买家退货时间": spelled(refunds.return_shipped_at),
    }
    write_xlsx(path, sheet, "退款")


def write_reviews(path: Path, setting: Setting, reviews: Reviews) -> None:
    """Write the 千牛 review report."""
    baskets, goods = setting.baskets, setting.goods
    order = reviews.order
    sheet = {
        "订单编号": baskets.order_no[order],
        "子订单编号": baskets.sub_order_no[order],
        "商品ID": goods.product_id[baskets.product[order]],
        "评价时间": spelled(reviews.at),
        "评分": reviews.score.astype(str).astype(object),
        "评价内容": reviews.content,
        "追评内容": reviews.append,
        "追评时间": spelled(reviews.append_at),
        "图片": either(reviews.has_image, "1张", ""),
        "商家回复": reviews.reply,
        "评价者(匿名)": setting.buyers.masked[baskets.buyer[order]],
        "物流服务": reviews.logistics.astype(str).astype(object),
        "服务态度": reviews.service.astype(str).astype(object),
    }
    write_xlsx(path, sheet, "评价")


def write_tracking(path: Path, scans: Scans) -> None:
    """Write tracks as 快递100 answers them: one object a parcel, the newest event first."""
    code = np.where(scans.sub_state > 0, scans.sub_state, scans.state)
    events = [
        f'{{"time":"{time}","context":"{context}","location":"{place}","statusCode":"{status}"}}'
        for time, context, place, status in zip(
            spelled(scans.at), scans.context, scans.location, code, strict=True
        )
    ]
    first = np.flatnonzero(scans.seq == 1)
    parcels = (
        f'{{"nu":"{scans.tracking_no[begin]}","com":"{scans.carrier[begin]}",'
        f'"orderNo":"{scans.order_no[begin]}","state":"{scans.state[end - 1]}",'
        f'"data":[{",".join(reversed(events[begin:end]))}]}}'
        for begin, end in zip(first, np.r_[first[1:], len(events)], strict=True)
    )
    path.write_text("[" + ",\n".join(parcels) + "]\n", encoding="utf-8")


def write_chat(
    path: Path, setting: Setting, script: Script, messages: Messages, keep: Flags
) -> None:
    """Write a 千牛 chat log of the lines in `keep`: CRLF, one header line before each text."""
    rows = np.flatnonzero(keep)
    talk = script.talk[rows]
    names = np.where(
        messages.agent[rows] >= 0,
        setting.staff.account[messages.agent[rows]],
        setting.buyers.ident[setting.talks.buyer[talk]],
    )
    names = either(messages.role[rows] == "system", None, names)
    stamps = spelled(script.at[rows])
    agents = setting.staff.account[setting.talks.agent]
    lines: list[str] = []
    opened = -1
    for name, stamp, text, kind, at in zip(
        names, stamps, messages.text[rows], messages.type[rows], talk, strict=True
    ):
        if at != opened:
            lines += ["", "当前用户来自 商品详情页"]
            opened = at
        if name is None and kind == "system":
            lines.append(f"由 服务助手 转交给 {agents[at]}")
        elif name is None:
            continue  # cards that invite a rating are not in the log
        elif kind == "recall":
            lines.append(f"{name} 撤回了一条消息")
        else:
            lines += [f"{name} {_short(stamp)}", text]
    path.write_bytes(("\r\n".join(lines[1:]) + "\r\n").encode("utf-8"))


def _short(stamp: str) -> str:
    """Return a time as 千牛 writes it: months and days without leading zeros."""
    year, month, rest = stamp.split("-", 2)
    day, clock = rest.split(" ")
    return f"{year}-{int(month)}-{int(day)} {clock}"
