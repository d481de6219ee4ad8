SELECT shop_id,
    count(*) FILTER (reception_type = 'mixed') AS numerator,
    count(*) FILTER (reception_type IN ('mixed', 'robot')) AS denominator
FROM conversations
WHERE started_at >= $start_us AND started_at < $end_us
GROUP BY shop_id
