"""Files as 京东, 抖店 and 拼多多 hand them over."""

from pathlib import Path

import numpy as np

from huisheng.app.demo.canonical import Items, return_numbers, status_of
from huisheng.app.demo.exports_taobao import addresses_of, full_province, phones_of
from huisheng.app.demo.frame import Flags, Words, either
from huisheng.app.demo.goods import geography, words
from huisheng.app.demo.refunds import Refunds
from huisheng.app.demo.sheets import adorned_yuan, plain_yuan, spelled, write_raw_csv, write_xlsx
from huisheng.app.demo.subjects import Setting

JD_STATUS = {
    "待付款": "等待付款",
    "待发货": "等待出库",
    "已发货": "等待确认收货",
    "交易成功": "完成",
    "交易关闭": "(删除)等待付款",
}
DOUYIN_STATUS = {
    "待付款": "待支付",
    "待发货": "待发货",
    "已发货": "已发货",
    "交易成功": "已完成",
    "交易关闭": "已关闭",
}
PDD_STATUS = {
    "待付款": "待支付",
    "待发货": "待发货",
    "已发货": "已发货，待收货",
    "交易成功": "已收货",
    "交易关闭": "已取消",
}
DOUYIN_REFUND_STATUS = {
    "applied": "待商家处理",
    "agreed": "待买家退货",
    "returning": "待商家收货",
    "received": "商家已收货",
    "rejected": "商家拒绝",
    "success": "退款成功",
    "closed": "售后关闭",
}
DOUYIN_REFUND_TYPE = words(["仅退款", "退货退款", "换货", "补寄", "维修"])


def write_jd_orders(path: Path, setting: Setting, items: Items, keep: Flags) -> None:
    """Write the 京麦 order export: one row per SKU, the order's columns on each."""
    rows = np.flatnonzero(keep[items.order])
    order, sku = items.order[rows], items.sku[rows]
    baskets, goods, parcels = setting.baskets, setting.goods, setting.parcels
    size, product = len(rows), goods.sku_product[sku]
    status = status_of(baskets, parcels)[order]
    paid = ~np.isnat(baskets.paid_at[order])
    sheet = {
        "订单号": baskets.order_no[order],
        "商品ID": goods.product_id[product],
        "商品名称": goods.title[product],
        "订购数量": items.qty[rows].astype(str).astype(object),
        "支付方式": words(["在线支付"] * size),
        "下单时间": spelled(baskets.created_at[order]),
        "京东价": plain_yuan(items.unit_fen[rows]),
        "订单金额": plain_yuan(baskets.total_fen[order]),
        "结算金额": plain_yuan(baskets.pay_fen[order]),
        "余额支付": words(["0.00"] * size),
        "应付金额": plain_yuan(baskets.pay_fen[order]),
        "订单状态": words([JD_STATUS[name] for name in status]),
        "订单类型": words(["SOP"] * size),
        "下单帐号": setting.buyers.ident[baskets.buyer[order]],
        "客户姓名": setting.buyers.surname[baskets.buyer[order]] + "**",
        "客户地址": addresses_of(setting, order),
        "联系电话": phones_of(setting, order),
        "订单备注": words([""] * size),
        "发票类型": words(["电子发票"] * size),
        "运费金额": plain_yuan(baskets.shipping_fen[order]),
        "付款确认时间": either(paid, spelled(baskets.paid_at[order]), "--"),
        "货号": goods.sku_code[sku],
        "订单完成时间": spelled(parcels.confirmed_at[order]),
        "订单来源": words(["京东APP"] * size),
    }
    write_raw_csv(path, sheet, "utf-8-sig")


def write_douyin_orders(path: Path, setting: Setting, items: Items, keep: Flags) -> None:
    """Write the 抖店 order export: one row per sub-order, ids behind a tab."""
    rows = np.flatnonzero(keep[items.order])
    order, sku = items.order[rows], items.sku[rows]
    baskets, goods, parcels = setting.baskets, setting.goods, setting.parcels
    size, product = len(rows), goods.sku_product[sku]
    first = np.r_[True, order[1:] != order[:-1]]
    buyer = baskets.buyer[order]
    provinces = words([full_province(name) for name in geography().provinces])
    sent = ~np.isnat(parcels.shipped_at[order])
    carrier = geography().carriers[parcels.carrier[order]]
    status = status_of(baskets, parcels)[order]
    freight = np.where(first, baskets.shipping_fen[order], 0)
    sheet = {
        "主订单编号": _behind_tab(baskets.order_no[order]),
        "子订单编号": _behind_tab(items.sub_order_no[rows]),
        "选购商品": goods.title[product],
        "商品规格": goods.sku_spec[sku],
        "商品数量": items.qty[rows].astype(str).astype(object),
        "商品ID": _behind_tab(goods.product_id[product]),
        "商家编码": goods.sku_code[sku],
        "商品单价": plain_yuan(items.unit_fen[rows]),
        "商品金额": adorned_yuan(items.unit_fen[rows] * items.qty[rows]),
        "订单应付金额": plain_yuan(items.paid_fen[rows]),
        "运费": plain_yuan(freight),
        "优惠总金额": plain_yuan(items.discount_fen[rows]),
        "买家昵称": setting.buyers.ident[buyer],
        "收件人": setting.buyers.surname[buyer] + "**",
        "收件人手机号": phones_of(setting, order),
        "省": provinces[setting.buyers.province[buyer]],
        "市": setting.buyers.city[buyer] + "市",
        "区": words(["****"] * size),
        "详细地址": words(["##x9fK2d"] * size),
        "订单提交时间": spelled(baskets.created_at[order], "{}\t"),
        "支付完成时间": spelled(baskets.paid_at[order], "{}\t"),
        "订单完成时间": spelled(parcels.confirmed_at[order]),
        "流量来源": words(["直播", "商品卡", "短视频"])[order % 3],
        "订单状态": words([DOUYIN_STATUS[name] for name in status]),
        "承诺发货时间": spelled(parcels.promised_at[order]),
        "售后状态": words(["-"] * size),
        "仓库名称": words([setting.shop.warehouse] * size),
        "发货时间": spelled(parcels.shipped_at[order]),
        "快递信息": either(sent, carrier + ":" + parcels.tracking_no[order], "-"),
    }
    write_raw_csv(path, sheet, "utf-8-sig")


def write_douyin_refunds(path: Path, setting: Setting, refunds: Refunds) -> None:
    """Write the 抖店 after-sale export."""
    baskets, goods, order = setting.baskets, setting.goods, refunds.order
    size = len(refunds)
    sent = ~np.isnat(refunds.return_shipped_at)
    finished = np.where(np.isnat(refunds.finish_at), refunds.closed_at, refunds.finish_at)
    signed = spelled(refunds.return_signed_at, "已签收 {}")
    sheet = {
        "售后单号": refunds.refund_no,
        "订单号": baskets.order_no[order],
        "商品单号": baskets.sub_order_no[order],
        "商品ID": goods.product_id[baskets.product[order]],
        "售后类型": DOUYIN_REFUND_TYPE[refunds.type],
        "退商品金额（元）": plain_yuan(refunds.amount_fen),
        "售后状态": words([DOUYIN_REFUND_STATUS[name] for name in refunds.status()]),
        "售后申请时间": spelled(refunds.applied_at),
        "售后原因": refunds.label,
        "售后原因标签": refunds.label,
        "退货物流单号": either(sent, return_numbers(refunds), ""),
        "退货物流公司": either(sent, geography().carriers[setting.parcels.carrier[order]], ""),
        "退货物流状态": either(sent, signed, ""),
        "退货发货时间": spelled(refunds.return_shipped_at),
        "同意售后申请时间": spelled(refunds.agreed_at),
        "商家退款时间": spelled(refunds.finish_at),
        "用户到账时间": spelled(refunds.finish_at),
        "售后关闭时间": spelled(refunds.closed_at),
        "商品发货状态": either(refunds.before_dispatch, "未发货", "已发货"),
        "仲裁状态": words(["无仲裁"] * size),
        "纠纷责任方": words(["--"] * size),
        "是否极速退款": words(["否"] * size),
        "售后完结时间": spelled(finished),
        "用户售后说明": words([""] * size),
    }
    write_xlsx(path, sheet, "售后单")


def write_pdd_orders(path: Path, setting: Setting, items: Items, keep: Flags) -> None:
    """Write the 拼多多 order export: one row per order, districts starred out."""
    rows = np.flatnonzero(keep)
    baskets, goods, parcels = setting.baskets, setting.goods, setting.parcels
    size, sku = len(rows), baskets.sku[rows]
    buyer = baskets.buyer[rows]
    status = status_of(baskets, parcels)[rows]
    sent = ~np.isnat(parcels.shipped_at[rows])
    provinces = words([full_province(name) for name in geography().provinces])
    sheet = {
        "商品": goods.title[baskets.product[rows]],
        "订单号": baskets.order_no[rows],
        "订单状态": words([PDD_STATUS[name] for name in status]),
        "商品总价(元)": plain_yuan(baskets.total_fen[rows]),
        "邮费(元)": plain_yuan(baskets.shipping_fen[rows]),
        "店铺优惠折扣(元)": plain_yuan(baskets.coupon_fen[rows]),
        "平台优惠折扣(元)": plain_yuan(baskets.subsidy_fen[rows]),
        "多多支付立减金额(元)": words(["0.00"] * size),
        "用户实付金额(元)": plain_yuan(baskets.pay_fen[rows]),
        "商家实收金额(元)": plain_yuan(baskets.pay_fen[rows] + baskets.subsidy_fen[rows]),
        "商品数量(件)": baskets.qty[rows].astype(str).astype(object),
        "买家昵称": setting.buyers.ident[buyer],
        "下单时间": spelled(baskets.created_at[rows]),
        "承诺发货时间": spelled(parcels.promised_at[rows]),
        "发货时间": spelled(parcels.shipped_at[rows], "{}\t"),
        "确认收货时间": spelled(parcels.confirmed_at[rows]),
        "商品id": goods.product_id[baskets.product[rows]],
        "商品规格": goods.sku_spec[sku],
        "样式ID": goods.sku_id[sku],
        "商家编码-规格维度": goods.sku_code[sku],
        "售后状态": words(["无售后或售后取消"] * size),
        "快递单号": either(sent, parcels.tracking_no[rows], ""),
        "快递公司": either(sent, geography().carriers[parcels.carrier[rows]], ""),
        "支付时间": spelled(baskets.paid_at[rows]),
        "省": provinces[setting.buyers.province[buyer]],
        "市": setting.buyers.city[buyer] + "市",
        "区": words(["****"] * size),
    }
    write_raw_csv(path, sheet, "utf-8")


def _behind_tab(values: Words) -> Words:
    out: Words = '"\t' + values + '"'
    return out
