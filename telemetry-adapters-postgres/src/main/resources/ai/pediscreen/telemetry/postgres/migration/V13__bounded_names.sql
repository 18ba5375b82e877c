-- The newest day on which names beyond the limit were counted under 'other'.
ALTER TABLE usage_scope ADD COLUMN bounded_on date;
