WITH asked AS (
    SELECT shop_id, count(*) AS requests
    FROM disputes
    WHERE launched_at >= $start_us AND launched_at < $end_us
        AND (
            kind = 'complaint'
            OR (kind = 'work_order' AND work_order_type IN ('普通', '普通工单'))
            OR (
                kind = 'dispute' AND is_proactive_member IS NOT true
                AND (
                    coalesce(initiator, 'consumer') = 'consumer'
                    OR (initiator = 'platform' AND merchant_rejected_first)
                )
            )
        )
    GROUP BY shop_id
)
SELECT shop_id, coalesce(any_value(requests), 0) AS numerator, count(*) AS denominator
FROM orders LEFT JOIN asked USING (shop_id)
WHERE paid_at >= $start_us AND paid_at < $end_us
GROUP BY shop_id
