-- Each stretch in which a buyer asks, with the reply that closes it.
WITH lines AS (
    SELECT shop_id, conv_id, sent_at, seq, role, role = 'buyer' AS asks
    FROM messages
    WHERE role IN ('buyer', 'agent', 'robot_assist', 'robot_auto')
        AND coalesce(type, 'text') IN ('text', 'image', 'voice', 'video', 'link')
        AND is_recalled IS NOT true
        AND is_auto_reply IS NOT true
),
marked AS (
    SELECT *,
        lag(asks) OVER (PARTITION BY shop_id, conv_id ORDER BY sent_at, seq) AS asked_before
    FROM lines
),
turns AS (
    SELECT shop_id, conv_id, asks, sent_at AS started_at,
        lead(sent_at) OVER following AS replied_at,
        lead(role) OVER following AS closed_by
    FROM marked
    WHERE asks IS DISTINCT FROM asked_before AND (asks OR asked_before IS NOT NULL)
    WINDOW following AS (PARTITION BY shop_id, conv_id ORDER BY sent_at, seq)
),
rounds AS (
    SELECT *, replied_at - started_at AS reply_us,
        (started_at + 28800000000) % 86400000000 // 3600000000 BETWEEN 8 AND 22 AS in_hours
    FROM turns
    WHERE asks AND replied_at IS NOT NULL
)
SELECT shop_id, sum(reply_us) / 1000000 AS numerator, count(*) AS denominator
FROM rounds
WHERE started_at >= $start_us AND started_at < $end_us AND in_hours AND closed_by <> 'robot_auto'
GROUP BY shop_id
