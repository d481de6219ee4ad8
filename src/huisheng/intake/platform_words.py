"""The words platforms use for states, types and parties, as rules to the canonical codes.

Each table is an ordered list of `(pattern, code)`; the first pattern found in a cell decides.
"""

ORDER_STATUS = (
    ("关闭|取消|删除|退款成功|全额退款", "交易关闭"),
    ("部分发货", "待发货"),
    ("交易成功|已完成|^完成|已收货|已签收|交易完成", "交易成功"),
    ("已发货|待收货|待签收|等待买家确认|等待确认收货|运输中", "已发货"),
    ("待发货|等待卖家发货|等待发货|等待出库|等待打印|备货|已付款|已支付|待成团", "待发货"),
    ("待付款|待支付|等待买家付款|等待付款|未付款|付定金", "待付款"),
)

REFUND_TYPE = (
    ("换货|换新", "exchange"),
    ("维修", "repair"),
    ("补寄|补发", "resend"),
    ("无需|不需|不用|^否|^不|仅退款|未发货|发货前", "refund_only"),
    ("退货|需要|^是", "return_refund"),
    ("退款", "refund_only"),
)
"""Reads both 售后类型 (仅退款, 退货退款, 换货 …) and 是否需要退货 (是, 否, 需要退货 …)."""

REFUND_STATUS = (
    ("成功|完成|已退款|已完结", "success"),
    ("关闭|取消|撤销", "closed"),
    ("拒绝|不同意", "rejected"),
    ("等待(卖家|商家)(同意|处理)|待(卖家|商家)(同意|处理)", "applied"),
    ("待商家发货|待补寄|(卖家|商家)已?收到|(卖家|商家)已收货|待(卖家|商家)退款", "received"),
    ("已经?退货|待(卖家|商家)(确认)?收货|等待(卖家|商家)确认收货|退货中|买家已发货", "returning"),
    ("同意|待(买家|用户)(退货|寄回|发货)|等待(买家|用户)退货", "agreed"),
    ("申请|处理中|待处理", "applied"),
)

DUTY_PARTY = (
    ("双方", "双方责任"),
    ("买家", "买家责任"),
    ("消费者|用户", "消费者责任"),
    ("卖家|商家|店铺", "商家责任"),
    ("物流|快递", "物流责任"),
    ("平台", "平台责任"),
    ("无责|无责任方|未判责", "无责任方"),
)

FINISHED_BY = (("小二|平台|客服", "platform"), ("系统", "system"), ("手工|人工|商家", "merchant"))

REFUND_STAGE = (("售中|未发货", "售中"), ("售后", "售后"))

NOT_INTERVENED = "无|未|不需|没有|否"
"""In 客服介入状态 and 仲裁状态: the platform has not stepped in."""

REVIEW_TYPE = (
    ("^[45](\\.0)?\\s*[星分]?$|^五星|^四星|好评|^好$|^good$", "good"),
    ("^3(\\.0)?\\s*[星分]?$|^三星|中评|^中$|^mid$", "mid"),
    ("^[12](\\.0)?\\s*[星分]?$|^一星|^二星|差评|^差$|^bad$", "bad"),
)

STARS = (
    ("^(5|五)", "5"),
    ("^(4|四)", "4"),
    ("^(3|三)", "3"),
    ("^(2|二|两)", "2"),
    ("^(1|一)", "1"),
)
"""Stars of a cell that starts with a number; 好, 中, 差 alone give no number of stars."""
