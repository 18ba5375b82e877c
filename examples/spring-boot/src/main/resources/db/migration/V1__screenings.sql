CREATE TABLE screenings (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    finding text NOT NULL
);
