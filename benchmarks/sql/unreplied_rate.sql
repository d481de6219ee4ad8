-- A conversation's last question is unanswered when the buyer said more after the last reply.
WITH talks AS (
    SELECT shop_id, conv_id,
        min(sent_at) FILTER (role = 'buyer') AS asked_first,
        max(sent_at) FILTER (role <> 'buyer') AS replied_last,
        max(sent_at) FILTER (
            role = 'buyer' AND trim(coalesce(text, '')) NOT IN ('谢谢', '好的', '嗯')
        ) AS asked_last
    FROM messages
    SEMI JOIN (
        FROM conversations WHERE started_at >= $start_us AND started_at < $end_us
    ) USING (shop_id, conv_id)
    WHERE role IN ('buyer', 'agent', 'robot_assist', 'robot_auto')
        AND coalesce(type, 'text') IN ('text', 'image', 'voice', 'video', 'link')
        AND is_recalled IS NOT true
        AND is_auto_reply IS NOT true
    GROUP BY shop_id, conv_id
)
SELECT shop_id,
    count(*) FILTER (asked_last > coalesce(replied_last, 0)) AS numerator,
    count(*) AS denominator
FROM talks
WHERE asked_last > coalesce(replied_last, 0) OR asked_first < replied_last
GROUP BY shop_id
