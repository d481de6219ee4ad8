WITH sent AS (
    SELECT shop_id, order_no, min(shipped_at) AS shipped_at
    FROM shipments
    WHERE coalesce(direction, 'out') = 'out'
    GROUP BY shop_id, order_no
),
shipped AS (
    SELECT orders.shop_id, orders.order_no
    FROM orders LEFT JOIN sent USING (shop_id, order_no)
    WHERE paid_at >= $start_us AND paid_at < $end_us
        AND coalesce(orders.shipped_at, sent.shipped_at) IS NOT NULL
),
returned AS (
    SELECT DISTINCT shop_id, order_no
    FROM refunds
    WHERE type IN ('return_refund', 'exchange')
)
SELECT shop_id, count(returned.order_no) AS numerator, count(*) AS denominator
FROM shipped LEFT JOIN returned USING (shop_id, order_no)
GROUP BY shop_id
