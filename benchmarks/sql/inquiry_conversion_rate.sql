WITH days AS (
    SELECT shop_id, customer_key, (started_at + 28800000000) // 86400000000 AS day,
        min(started_at) AS asked_at
    FROM conversations
    WHERE customer_key <> ''
    GROUP BY shop_id, customer_key, day
    HAVING min(started_at) >= $start_us AND min(started_at) < $end_us
),
orders_near AS (
    SELECT days.shop_id, customer_key, day,
        bool_or(paid_at < asked_at) AS bought_before,
        bool_or(paid_at >= asked_at) AS bought_after
    FROM days LEFT JOIN orders USING (shop_id, customer_key)
    WHERE paid_at >= asked_at - 15 * 86400000000
        AND paid_at < (day + 3) * 86400000000 - 28800000000
    GROUP BY days.shop_id, customer_key, day
)
SELECT days.shop_id,
    count(*) FILTER (bought_after AND NOT bought_before) AS numerator,
    count(*) FILTER (bought_before IS NOT true) AS denominator
FROM days LEFT JOIN orders_near USING (shop_id, customer_key, day)
GROUP BY days.shop_id
