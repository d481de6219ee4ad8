WITH paid AS (
    SELECT shop_id, order_no FROM orders WHERE paid_at >= $start_us AND paid_at < $end_us
),
quality AS (
    SELECT refunds.shop_id, order_no, applied_at
    FROM refunds
    SEMI JOIN paid USING (shop_id, order_no)
    JOIN refund_reasons
        ON code = coalesce(first_reason_code, first_seen_reason_code, reason_code)
    WHERE is_quality
        AND coalesce(type, 'refund_only') IN ('refund_only', 'return_refund')
        AND coalesce(duty_party, '') NOT IN ('消费者责任', '买家责任')
),
arrived AS (
    SELECT shop_id, order_no, min(signed_at) AS signed_at
    FROM shipments
    SEMI JOIN quality USING (shop_id, order_no)
    WHERE coalesce(direction, 'out') = 'out'
    GROUP BY shop_id, order_no
),
counted AS (
    SELECT shop_id, count(DISTINCT order_no) AS orders
    FROM quality JOIN arrived USING (shop_id, order_no)
    WHERE applied_at >= signed_at
    GROUP BY shop_id
)
SELECT shop_id, coalesce(any_value(counted.orders), 0) AS numerator, count(*) AS denominator
FROM paid LEFT JOIN counted USING (shop_id)
GROUP BY shop_id
